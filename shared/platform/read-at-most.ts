import { DarkroomError } from './errors.ts';

/** All bytes, in memory. Throws `too-large` with this sentence as soon as there are more. */
export async function readAtMost(
  chunks: AsyncIterable<Uint8Array>,
  maxBytes: number,
  sentence: string,
): Promise<Buffer> {
  const kept: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw new DarkroomError('too-large', sentence, { details: { maxBytes } });
    kept.push(chunk);
  }
  return Buffer.concat(kept);
}
