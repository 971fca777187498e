import { renameSync, writeFileSync } from 'node:fs';

/** Writes a file that its owner alone may read; whoever reads it, or is killed, meets the old or the new, never a half. */
export function writeWhole(file: string, text: string): void {
  const unfinished = `${file}.${process.pid}.new`;
  writeFileSync(unfinished, text, { mode: 0o600 });
  renameSync(unfinished, file);
}
