import { readFileSync } from 'node:fs';

/** Milliseconds in a file that demos and tests move, read anew each time; no file means no offset. */
export const clockOffset = (file: string) => (): number => {
  try {
    const offset = Number(readFileSync(file, 'utf8').trim());
    return Number.isFinite(offset) ? offset : 0;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  }
};
