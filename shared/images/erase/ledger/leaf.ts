import { createHash } from 'node:crypto';
import type { ledgerEntry } from '../../../database/catalog/imaging.ts';
import type { RowOf } from '../../../database/catalog/types.ts';
import type { NoteSigner, NoteVerifier } from './signed-note.ts';

export type LedgerEntry = RowOf<typeof ledgerEntry>;

/** Why it was erased: its time was up, somebody asked, or a sweep found what should not be there any more. */
export type ErasureKind = 'retention' | 'erasure' | 'sweep';

/** What only who has the receipt can see: the leaf holds a digest of it. */
export interface ErasureDetails {
  readonly imageDigest: string;
  readonly salt: string;
  readonly blobs: number;
  readonly bytes: number;
  readonly lakeRows: number;
  readonly uploadedAt: string;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** How the log knows an image. The salt is random, so that nobody finds an image by guessing its id. */
export const commitmentOf = (salt: string, imageId: string): string =>
  sha256(`darkroom-commitment:${salt}:${imageId.toLowerCase()}`);

const detailsDigest = (details: ErasureDetails): string => {
  const { salt, imageDigest, blobs, bytes, lakeRows, uploadedAt } = details;
  return sha256(`darkroom-details:${salt}:${imageDigest}:${blobs}:${bytes}:${lakeRows}:${uploadedAt}`);
};

/** What a leaf says, as JSON with its fields in this order. */
export interface Leaf {
  readonly v: 1;
  readonly kind: 'received' | ErasureKind;
  readonly commitment: string;
  readonly due: string;
  /** Of an erasure. */
  readonly erased?: string;
  readonly details?: string;
}

export const receivedLeaf = (commitment: string, due: string): string =>
  JSON.stringify({ v: 1, kind: 'received', commitment, due } satisfies Leaf);

interface Erased extends ErasureDetails {
  readonly kind: ErasureKind;
  readonly commitment: string;
  readonly dueAt: string;
  readonly erasedAt: string;
}

export const erasedLeaf = ({ kind, commitment, dueAt, erasedAt, ...details }: Erased): string =>
  JSON.stringify({
    ...{ v: 1, kind, commitment, due: dueAt, erased: erasedAt },
    details: detailsDigest(details),
  } satisfies Leaf);

/** The bytes that are hashed into the tree for an entry. */
export function leafOf(entry: LedgerEntry): string {
  if (entry.kind === 'received') return receivedLeaf(entry.commitment, entry.due_at);
  return erasedLeaf({
    kind: entry.kind as ErasureKind,
    ...{ commitment: entry.commitment, dueAt: entry.due_at, erasedAt: entry.erased_at! },
    imageDigest: entry.image_digest!,
    ...{ salt: entry.salt!, blobs: entry.blobs!, bytes: entry.bytes!, lakeRows: entry.lake_rows! },
    uploadedAt: entry.uploaded_at!,
  });
}

/** So that a signature of an entry is never one of a checkpoint. */
const signed = (leaf: string): string => `darkroom-ledger-entry\n${leaf}`;

export const signLeaf = (leaf: string, signer: NoteSigner): string =>
  signer.sign(signed(leaf)).toString('base64');

export const isSignedLeaf = (leaf: string, signature: string, verifier: NoteVerifier): boolean =>
  verifier.verify(signed(leaf), Buffer.from(signature, 'base64'));
