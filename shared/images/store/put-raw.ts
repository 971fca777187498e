import { createHash } from 'node:crypto';
import { DarkroomError } from '../../platform/errors.ts';
import { makeBlockWriter } from './block-writer.ts';
import type { RawUpload } from './raw-upload.ts';
import { makeReplayableBody, maxReplayableBytes } from './replayable-body.ts';

export interface RawBytes {
  readonly bytes: AsyncIterable<Uint8Array> | Uint8Array;
  readonly length: number | undefined;
  readonly maxBytes: number;
}

/** What came is not read again but to compare it: `digest` waits for the last byte. */
export interface RawPut {
  readonly outcome: 'created' | 'exists';
  readonly size: number;
  readonly digest: () => Promise<string>;
}

export const tooLarge = (maxBytes: number): DarkroomError =>
  new DarkroomError('too-large', `An image may have ${maxBytes} bytes; this one has more.`, {
    details: { maxBytes },
  });

const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Sends an image's bytes to the store, in the way that suits their length. */
export function putRaw(upload: RawUpload, { bytes, length, maxBytes }: RawBytes): Promise<RawPut> {
  if (bytes instanceof Uint8Array) return putWhole(upload, bytes);
  const isShort = length !== undefined && length <= maxReplayableBytes;
  return isShort ? pass(upload, bytes, length) : putInBlocks(upload, bytes, maxBytes);
}

/** What came in one piece goes in one request. */
async function putWhole(upload: RawUpload, bytes: Uint8Array): Promise<RawPut> {
  const sha256 = digestOf(bytes);
  const outcome = await upload.finish(bytes, sha256);
  return { outcome, size: bytes.byteLength, digest: () => Promise.resolve(sha256) };
}

/** What is known to fit one request is passed on as it arrives. */
async function pass(upload: RawUpload, bytes: AsyncIterable<Uint8Array>, length: number): Promise<RawPut> {
  const body = makeReplayableBody(bytes, length);
  const outcome = await upload.pass(body, length);
  if (outcome === 'created') body.release();
  return { outcome, size: length, digest: async () => digestOf(await body.whole()) };
}

/** By blocks as they fill; what fits one block goes in one request at the end. */
async function putInBlocks(
  upload: RawUpload,
  bytes: AsyncIterable<Uint8Array>,
  maxBytes: number,
): Promise<RawPut> {
  const hash = createHash('sha256');
  let size = 0;
  let only: Uint8Array | undefined = new Uint8Array();
  let ended = false;
  const writer = makeBlockWriter(async (block) => {
    if (ended && !upload.staged) only = block;
    else await upload.stage(block);
  });
  try {
    for await (const chunk of bytes) {
      size += chunk.byteLength;
      if (size > maxBytes) throw tooLarge(maxBytes);
      hash.update(chunk);
      await writer.write(chunk);
    }
    ended = true;
    await writer.flush();
    const sha256 = hash.digest('hex');
    const outcome = await upload.finish(upload.staged ? undefined : only, sha256);
    return { outcome, size, digest: () => Promise.resolve(sha256) };
  } finally {
    await writer.close();
  }
}
