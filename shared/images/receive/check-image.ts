import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { AcceptedType } from '../process/ports.ts';
import { HeaderInspection } from '../process/inspect.ts';
import { requireWeight } from '../process/weight.ts';
import type { RawFacts } from '../store/ports.ts';

const stepBytes = 65_536;

/**
 * Reads an image through once, in bounded memory: its type and size from the header (frames of an animation counted
 * to the end), its digest from every byte. Throws what HeaderReader throws and `too-large`, and stops reading there.
 */
export async function checkImage(
  bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  maxPixels: number,
  seen: { contentType?: AcceptedType } = {},
): Promise<RawFacts> {
  const header = new HeaderInspection({ maxPixels });
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of bytes) {
    size += chunk.byteLength;
    hash.update(chunk);
    await readHeader(header, chunk);
    if (header.contentType === undefined) continue;
    seen.contentType = header.contentType;
    requireWeight(size, header.contentType, Infinity);
  }
  const { contentType, width, height } = header.end();
  return { contentType, width, height, bytes: size, sha256: hash.digest('hex') };
}

/** In steps, between which the host does other work: a chunk may hold half a million blocks of one byte. */
async function readHeader(header: HeaderInspection, chunk: Uint8Array): Promise<void> {
  for (let at = 0; at < chunk.byteLength; at += stepBytes) {
    header.write(chunk.subarray(at, at + stepBytes));
    if (at + stepBytes < chunk.byteLength) await setImmediate();
  }
}
