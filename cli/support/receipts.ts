import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { imageDigest } from '../../shared/platform/image-id.ts';
import { checkErased } from '../../shared/images/erase/ledger/check-receipt.ts';
import { receiptSchema } from '../../shared/images/erase/ledger/receipt.ts';
import type { NoteVerifier } from '../../shared/images/erase/ledger/signed-note.ts';
import {
  checkPersonReceipt,
  personReceiptSchema,
  type PersonReceipt,
} from '../../shared/operations/person-receipt.ts';

export type Member = Pick<PersonReceipt, 'id' | 'subject'>;

/** What receipts say was erased: images, members by membership id and key; and which files say nothing that is signed. */
export interface Receipts {
  readonly digests: readonly string[];
  readonly members: readonly Member[];
  readonly refused: readonly { readonly file: string; readonly why: string }[];
}

export const noReceipts: Receipts = { digests: [], members: [], refused: [] };

/** Throws what the last of the keys finds wrong. */
function checkByAny(keys: readonly NoteVerifier[], check: (key: NoteVerifier) => void): void {
  for (const [index, key] of keys.entries()) {
    try {
      check(key);
      return;
    } catch (error) {
      if (index === keys.length - 1) throw error;
    }
  }
}

type Erased = { readonly digest: string } | { readonly member: Member } | undefined;

function readReceipt(text: string, keys: readonly NoteVerifier[]): Erased {
  const content: unknown = JSON.parse(text);
  const image = receiptSchema.safeParse(content);
  if (image.success) {
    checkByAny(keys, (key) => checkErased(image.data, key));
    return { digest: imageDigest(image.data.imageId) };
  }
  const person = personReceiptSchema.safeParse(content);
  if (!person.success) throw new Error('It is no receipt.');
  checkByAny(keys, (key) => checkPersonReceipt(person.data, key));
  // A restore brings rows back: of an uploader those are images, whose own receipts are here, too.
  return person.data.kind === 'member' ? { member: person.data } : undefined;
}

/** Each file by itself, so that one which is forged, or of another log, takes none of the others along. */
export function readReceipts(folder: string, keys: readonly NoteVerifier[]): Receipts {
  const digests: string[] = [];
  const members: Member[] = [];
  const refused: { file: string; why: string }[] = [];
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
    try {
      const erased = readReceipt(readFileSync(join(folder, file), 'utf8'), keys);
      if (erased === undefined) continue;
      if ('digest' in erased) digests.push(erased.digest);
      else members.push(erased.member);
    } catch (error) {
      refused.push({ file, why: (error as Error).message });
    }
  }
  return { digests, members, refused };
}
