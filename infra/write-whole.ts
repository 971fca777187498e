import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';

/**
 * Writes a file, by default one that its owner alone may read; whoever reads it, or is killed, or loses power, meets the old or
 * the new, never a half. What could not be written whole, as on a full disk, leaves the old one.
 */
export function writeWhole(file: string, contents: string | Uint8Array, mode = 0o600): void {
  const unfinished = `${file}.${process.pid}.new`;
  try {
    const open = openSync(unfinished, 'w', mode);
    try {
      writeFileSync(open, contents);
      fsyncSync(open);
    } finally {
      closeSync(open);
    }
    renameSync(unfinished, file);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw error;
  }
}
