import { DarkroomError } from '../../platform/errors.ts';

/** All bytes, in memory. Throws `too-large` as soon as there are more. */
export async function wholeOf(chunks: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Buffer> {
  const kept: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes)
      throw new DarkroomError('too-large', `The sandbox takes images of at most ${maxBytes} bytes.`, {
        details: { maxBytes },
      });
    kept.push(chunk);
  }
  return Buffer.concat(kept);
}
