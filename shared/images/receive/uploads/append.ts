import { randomBytes } from 'node:crypto';
import { DarkroomError } from '../../../platform/errors.ts';
import { sniff, sniffBytes } from '../../process/header/sniff.ts';
import { makeBlockWriter } from '../../store/block-writer.ts';
import { atStore } from '../../../platform/blobs/failures.ts';
import type { UploadBytes } from './bytes.ts';
import { digester, verifyChecksum, type Checksum } from './checksum.ts';
import { uploadLimits } from './limits.ts';
import { blockCount, blockId, withBlock, type UploadState } from './state.ts';
import type { Hold, UploadStates } from './state-store.ts';

/** The right to write to one upload, while nobody else has taken its lease. */
export interface Session {
  readonly hold: Hold;
  /** In the ids of this session's blocks, so that they are never those of another. */
  readonly token: string;
  state: UploadState;
  blocks: number;
}

export const newSession = (state: UploadState, hold: Hold): Session => ({
  state,
  hold,
  token: randomBytes(6).toString('hex'),
  blocks: 0,
});

export interface Incoming {
  readonly body: AsyncIterable<Uint8Array>;
  readonly checksum?: Checksum;
  /** Aborted with `superseded` when a newer request takes over, for which what was not written yet is sent again. */
  readonly signal: AbortSignal;
}

const unexpectedType = (refused: string): DarkroomError =>
  new DarkroomError('unsupported-type', `${refused} Send JPEG, PNG, WebP, GIF, BMP, TIFF or AVIF.`);

/**
 * Takes a body into blocks behind `session.state`. What arrived before the connection broke is kept, unless a checksum was to
 * cover all of it. Throws `too-large`, `unsupported-type`, `checksum-mismatch`, `locked`.
 */
export async function append(
  parts: { states: UploadStates; bytes: UploadBytes },
  session: Session,
  incoming: Incoming,
): Promise<void> {
  const { states, bytes } = parts;
  const before = session.state;
  const digest = incoming.checksum && digester(incoming.checksum.algorithm);
  const limit = before.length === null ? Number.MAX_SAFE_INTEGER : before.length;
  const head: Uint8Array[] = [];
  let received = before.offset;
  let written = before;
  let persistedAt = performance.now();

  async function put(block: Uint8Array): Promise<void> {
    if (blockCount(written) >= uploadLimits.maxBlocks) {
      throw new DarkroomError('too-large', 'This upload has as many pieces as it may: send larger ones.');
    }
    const id = blockId(session.token, session.blocks++);
    await atStore('staging a block', () => bytes.stage(written, id, block));
    written = {
      ...written,
      offset: written.offset + block.byteLength,
      runs: withBlock(written.runs, session.token),
    };
    // With a checksum nothing counts before the last byte was seen.
    if (digest === undefined && performance.now() - persistedAt > uploadLimits.flushAfterMs / 4)
      await persist();
  }

  async function persist(): Promise<void> {
    if (written === session.state) return;
    await states.write(written, session.hold);
    session.state = written;
    persistedAt = performance.now();
  }

  /** Partial uploads hold any bytes; what becomes an image must begin like one. */
  function checkFirstBytes(chunk: Uint8Array): void {
    if (written.contentType !== null || before.concatenation !== null || before.offset > 0) return;
    head.push(chunk.slice(0, sniffBytes));
    const first = Buffer.concat(head);
    if (first.length < sniffBytes && first.length < limit) return;
    const found = sniff(first);
    if ('refused' in found) throw unexpectedType(found.refused);
    written = { ...written, contentType: found.type };
  }

  const writer = makeBlockWriter(put);
  let flushedAt = performance.now();

  async function take(chunk: Uint8Array): Promise<void> {
    received += chunk.byteLength;
    if (received > limit) {
      throw new DarkroomError(
        'too-large',
        `The upload was announced with ${limit} bytes, and more than that came.`,
      );
    }
    checkFirstBytes(chunk);
    digest?.update(chunk);
    await writer.write(chunk);
    const now = performance.now();
    if (now - flushedAt > uploadLimits.flushAfterMs && blockCount(written) < uploadLimits.maxEarlyBlocks) {
      if (writer.pending > 0) await writer.flush();
      flushedAt = now;
    }
  }

  try {
    const broken = await pump(incoming, take);
    if (incoming.signal.aborted && incoming.signal.reason === 'superseded') {
      throw new DarkroomError('locked', 'A newer request continues this upload.');
    }
    if (broken instanceof DarkroomError || (broken && digest)) throw broken;
    await writer.flush();
    if (incoming.checksum && digest) verifyChecksum(incoming.checksum, digest);
    if (written.length !== null && written.offset === written.length)
      written = { ...written, status: 'complete' };
    await persist();
    if (broken !== undefined) throw broken;
  } finally {
    await writer.close();
  }
}

/** Feeds every chunk to `take`; answers what ended it early: an error of ours, or a broken connection as `invalid-request`. */
async function pump(
  incoming: Incoming,
  take: (chunk: Uint8Array) => Promise<void>,
): Promise<Error | undefined> {
  const iterator = incoming.body[Symbol.asyncIterator]();
  const { signal } = incoming;
  let stop: () => void = () => undefined;
  // One promise a chunk: a race against one that lives as long as the request would keep every chunk until its end.
  const nextUnlessAborted = () =>
    new Promise<IteratorResult<Uint8Array> | 'aborted'>((resolve, reject) => {
      stop = () => resolve('aborted');
      if (signal.aborted) stop();
      else iterator.next().then(resolve, reject);
    });
  const onAbort = (): void => stop();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    for (;;) {
      const next = await nextUnlessAborted();
      if (next === 'aborted') {
        void iterator.return?.().catch(() => undefined);
        return new BrokenOff();
      }
      if (next.done === true) return undefined;
      await take(next.value);
    }
  } catch (error) {
    void iterator.return?.().catch(() => undefined);
    return error instanceof DarkroomError ? error : new BrokenOff(error);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/** The body ended before its length: what came is kept. */
class BrokenOff extends Error {
  override readonly name = 'BrokenOff';
  constructor(cause?: unknown) {
    super('The connection broke while the body was being sent.', { cause });
  }
}
