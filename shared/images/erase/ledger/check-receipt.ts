import { openCheckpoint } from './checkpoint-note.ts';
import { checkInclusion, leafHash } from './merkle.ts';
import { leafOfReceipt, type Receipt } from './receipt.ts';
import type { NoteVerifier } from './signed-note.ts';

/** Checks a receipt with nothing but the log's key. Throws a sentence that says what does not fit. */
export function checkReceipt(receipt: Receipt, verifier: NoteVerifier): { size: number } {
  const { leafIndex, inclusionProof, checkpoint } = receipt;
  if (receipt.status !== 'complete' || leafIndex === undefined || !inclusionProof || !checkpoint) {
    throw new Error('The receipt is pending: fetch it again after the next checkpoint.');
  }
  if (receipt.leaf !== leafOfReceipt(receipt)) {
    throw new Error('The leaf does not say what the receipt says of this image.');
  }
  const head = openCheckpoint(checkpoint, verifier);
  const leaf = { hash: leafHash(Buffer.from(receipt.leaf)), index: leafIndex };
  const proof = inclusionProof.map((hash) => Buffer.from(hash, 'base64'));
  if (!checkInclusion(leaf, head, proof)) throw new Error('The leaf is not in the tree of the checkpoint.');
  return { size: head.size };
}
