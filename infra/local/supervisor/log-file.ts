import { appendFile, rename, stat } from 'node:fs/promises';

export interface LogFile {
  write(line: string): void;
  /** Resolves when all that was written so far is in the file, or is lost. */
  flush(): Promise<void>;
}

/** A file grows to this, then it is the one before. Bytes. */
const maxBytes = 10 * 1024 * 1024;
/** Lines that wait for a disk that does not take them. Characters. */
const maxWaiting = 1024 * 1024;

/**
 * A component's log: `FILE`, and the one before it as `FILE.1`, so that it never has more than twice `limit`. Lines that a full disk does
 * not take are lost, counted, and told of when there is room; they stop nobody.
 */
export function openLogFile(file: string, limit = maxBytes): LogFile {
  let [waiting, lost] = ['', 0];
  let bytes: number | undefined;
  let writing: Promise<void> | undefined;

  async function append(text: string): Promise<void> {
    bytes ??= await stat(file).then(
      ({ size }) => size,
      () => 0,
    );
    const length = Buffer.byteLength(text);
    if (bytes > 0 && bytes + length > limit) {
      await rename(file, `${file}.1`);
      bytes = 0;
    }
    await appendFile(file, text);
    bytes += length;
  }

  async function writeAll(): Promise<void> {
    while (waiting !== '') {
      const text = waiting;
      const lines = text.split('\n').length - 1;
      waiting = '';
      try {
        await append(lost === 0 ? text : `${lost} lines could not be written here.\n${text}`);
        lost = 0;
      } catch {
        lost += lines;
        // What is there of a text may be a part: its length is asked again.
        bytes = undefined;
      }
    }
    writing = undefined;
  }

  return {
    write(line) {
      if (waiting.length > maxWaiting) lost += 1;
      else waiting += `${line}\n`;
      writing ??= writeAll();
    },
    flush: async () => writing,
  };
}
