import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import {
  openNote,
  signNote,
  underNameIn,
  type NoteSigner,
  type NoteVerifier,
} from '../images/erase/ledger/signed-note.ts';

/** Whose data: an uploader by the id that images are kept under, a member by the membership id. */
export const personKind = z.enum(['uploader', 'member']);

/** What was done, in words that lead to nobody without the receipt's own `id` and `salt`. */
const statement = z.object({
  v: z.literal(1),
  action: z.literal('erase'),
  kind: personKind,
  subject: z.string().describe('A member’s random key; of an uploader SHA-256 of the salt and the id'),
  at: z.iso.datetime(),
  result: z.record(z.string(), z.union([z.number(), z.string()])),
});
type Statement = z.infer<typeof statement>;

/** The proof that a person's data were erased; who has the public key of the ledger checks it without this system. */
export const personReceiptSchema = statement
  .omit({ v: true, action: true })
  .extend({
    id: z.string(),
    salt: z.string().optional().describe('Of an uploader'),
    sequence: z.int().describe('Of the audit entry'),
    note: z.string().describe('C2SP signed-note over all but `id`, `salt` and `sequence`'),
  })
  .meta({ id: 'PersonReceipt' });
export type PersonReceipt = z.infer<typeof personReceiptSchema>;

export const newSalt = (): string => randomBytes(16).toString('hex');

/** How an uploader is told where nobody shall be named: the salt keeps ids from being guessed. */
export const uploaderCommitment = (salt: string, id: string): string =>
  createHash('sha256').update(`darkroom-person:${salt}:${id}`).digest('hex');

const textOf = ({ kind, subject, at, result }: Omit<PersonReceipt, 'note'>): string =>
  `${JSON.stringify({ v: 1, action: 'erase', kind, subject, at, result } satisfies Statement)}\n`;

export const signPersonReceipt = (
  receipt: Omit<PersonReceipt, 'note'>,
  signer: NoteSigner,
): PersonReceipt => ({ ...receipt, note: signNote(textOf(receipt), signer) });

/** Throws a sentence that says what does not fit. */
export function checkPersonReceipt(receipt: PersonReceipt, verifier: NoteVerifier): void {
  if (openNote(receipt.note, underNameIn(receipt.note, verifier)) !== textOf(receipt)) {
    throw new Error('The signed note does not say what the receipt says.');
  }
  const { kind, subject, id, salt = '' } = receipt;
  if (kind === 'uploader' && uploaderCommitment(salt, id) !== subject) {
    throw new Error('The signed note is about another uploader.');
  }
}
