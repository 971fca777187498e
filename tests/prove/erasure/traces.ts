import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** What leads to an image or its owner, as the bytes that it would leave somewhere. */
export interface Trace {
  readonly kind: 'owner' | 'id' | 'name' | 'bytes' | 'thumbnail';
  /** Which image it is of. */
  readonly of: string;
  readonly needle: Buffer;
}

/** Long enough that nothing else has it by chance. */
const sliceBytes = 24;

const textTraces = (kind: Trace['kind'], of: string, text: string): Trace[] => [
  { kind, of, needle: Buffer.from(text) },
];

/** With its hyphens, and as the sixteen bytes that a database keeps. */
export const idTraces = (of: string, id: string): Trace[] => [
  ...textTraces('id', of, id),
  { kind: 'id', of, needle: Buffer.from(id.replaceAll('-', ''), 'hex') },
];

export const nameTraces = (of: string, name: string): Trace[] => textTraces('name', of, name);
export const ownerTraces = (of: string, owner: string): Trace[] => textTraces('owner', of, owner);

/** Pieces from several places of a file, raw and in base64 at each of its three phases. */
export function fileTraces(kind: 'bytes' | 'thumbnail', of: string, bytes: Buffer): Trace[] {
  return [0.3, 0.5, 0.8].flatMap((share) => {
    const start = Math.floor((bytes.length - sliceBytes - 3) * share);
    const piece = bytes.subarray(start, start + sliceBytes);
    const phases = [0, 1, 2].map((phase) => {
      const from = start + ((phase - (start % 3) + 3) % 3);
      return Buffer.from(bytes.subarray(from, from + sliceBytes).toString('base64'));
    });
    return [piece, ...phases].map((needle) => ({ kind, of, needle }));
  });
}

/** Which of the traces some bytes hold. */
export const tracesIn = (bytes: Buffer, traces: readonly Trace[]): Trace[] =>
  traces.filter(({ needle }) => bytes.includes(needle));

const overlap = 256;

/** Reads every file below a folder. `scanned` counts what was read. */
export async function* scanFiles(
  folder: string,
  traces: readonly Trace[],
  scanned: { files: number; bytes: number },
): AsyncGenerator<{ path: string; found: Trace[] }> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const found = new Set<Trace>();
    let rest = Buffer.alloc(0);
    scanned.files += 1;
    try {
      for await (const chunk of createReadStream(path, { highWaterMark: 8 << 20 })) {
        const part = Buffer.concat([rest, chunk as Buffer]);
        scanned.bytes += (chunk as Buffer).length;
        for (const trace of tracesIn(part, traces)) found.add(trace);
        rest = part.subarray(Math.max(0, part.length - overlap));
      }
    } catch (error) {
      // A segment or a log that went while the folder was read.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
    if (found.size > 0) yield { path, found: [...found] };
  }
}
