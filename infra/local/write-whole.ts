import { renameSync, writeFileSync } from 'node:fs';

/** Writes a file, by default one that its owner alone may read; whoever reads it, or is killed, meets the old or the new, never a half. */
export function writeWhole(file: string, contents: string | Uint8Array, mode = 0o600): void {
  const unfinished = `${file}.${process.pid}.new`;
  writeFileSync(unfinished, contents, { mode });
  renameSync(unfinished, file);
}
