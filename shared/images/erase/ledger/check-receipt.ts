import { openCheckpoint } from './checkpoint-note.ts';
import { isSignedLeaf } from './leaf.ts';
import { checkInclusion, leafHash } from './merkle.ts';
import { leafOfReceipt, type Receipt } from './receipt.ts';
import { underNameIn, type NoteVerifier } from './signed-note.ts';

function refuseOtherLeaf(receipt: Receipt): void {
  if (receipt.leaf !== leafOfReceipt(receipt)) {
    throw new Error('The leaf does not say what the receipt says of this image.');
  }
}

/** Checks a receipt with nothing but the log's key. Throws a sentence that says what does not fit. */
export function checkReceipt(receipt: Receipt, verifier: NoteVerifier): { size: number } {
  const { leafIndex, inclusionProof, checkpoint } = receipt;
  if (receipt.status !== 'complete' || leafIndex === undefined || !inclusionProof || !checkpoint) {
    throw new Error('The receipt is pending: fetch it again after the next checkpoint.');
  }
  refuseOtherLeaf(receipt);
  const head = openCheckpoint(checkpoint, verifier);
  const leaf = { hash: leafHash(Buffer.from(receipt.leaf)), index: leafIndex };
  const proof = inclusionProof.map((hash) => Buffer.from(hash, 'base64'));
  if (!checkInclusion(leaf, head, proof)) throw new Error('The leaf is not in the tree of the checkpoint.');
  return { size: head.size };
}

/**
 * Checks that who has this key says that the image was erased: by the signature of the entry, which a pending receipt has too, or by
 * the checkpoint of one that is older than such signatures. Throws a sentence that says what does not fit.
 */
export function checkErased(receipt: Receipt, verifier: NoteVerifier): void {
  const { leaf, signature, checkpoint } = receipt;
  if (signature === undefined) {
    checkReceipt(receipt, checkpoint === undefined ? verifier : underNameIn(checkpoint, verifier));
    return;
  }
  refuseOtherLeaf(receipt);
  if (!isSignedLeaf(leaf, signature, verifier)) throw new Error('The signature of the entry is not right.');
}
