import type { TreeHead } from './merkle.ts';
import { openNote, signNote, type NoteSigner, type NoteVerifier } from './signed-note.ts';

/** C2SP tlog-checkpoint: the log's name, its size and its root, signed. https://c2sp.org/tlog-checkpoint */
export const signCheckpoint = ({ size, root }: TreeHead, signer: NoteSigner): string =>
  signNote(`${signer.name}\n${size}\n${root.toString('base64')}\n`, signer);

/** Throws when the note is not this log's. */
export function openCheckpoint(note: string, verifier: NoteVerifier): TreeHead {
  const [origin, size = '', root = ''] = openNote(note, verifier).split('\n');
  const bytes = Buffer.from(root, 'base64');
  if (origin !== verifier.name) throw new Error('This checkpoint is of another log.');
  if (!/^(0|[1-9][0-9]{0,15})$/.test(size) || bytes.length !== 32) {
    throw new Error('This is no checkpoint of a log.');
  }
  return { size: Number(size), root: bytes };
}
