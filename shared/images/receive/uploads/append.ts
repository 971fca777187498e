import { atStore } from '../../../platform/blobs/failures.ts';
import { DarkroomError } from '../../../platform/errors.ts';
import { requireWeight } from '../../process/weight.ts';
import { makeBlockWriter, type BlockWriter } from '../../store/block-writer.ts';
import type { UploadBytes } from './bytes.ts';
import { digester, verifyChecksum, type Checksum, type Digester } from './checksum.ts';
import { withFirstBytes, withType } from './first-bytes.ts';
import { uploadLimits } from './limits.ts';
import { readBody } from './read-body.ts';
import type { Session } from './sessions.ts';
import { blockCount, blockId, withBlock, type UploadState } from './state.ts';
import type { UploadStates } from './state-store.ts';

export interface Incoming {
  readonly body: AsyncIterable<Uint8Array>;
  readonly checksum?: Checksum;
}

export interface AppendDependencies {
  readonly states: UploadStates;
  readonly bytes: UploadBytes;
  /** An upload may have; also one whose length is not known yet. */
  readonly maxBytes: number;
}

/** One body on its way into blocks. */
class Append {
  readonly writer: BlockWriter = makeBlockWriter((block) => this.#stage(block));
  readonly #dependencies: AppendDependencies;
  readonly #session: Session;
  readonly #digest: Digester | undefined;
  readonly #before: UploadState;
  readonly #limit: number;
  #written: UploadState;
  #received: number;
  #persistedAt = performance.now();
  #flushedAt = performance.now();

  constructor(
    dependencies: AppendDependencies,
    session: Session,
    from: UploadState,
    digest: Digester | undefined,
  ) {
    this.#dependencies = dependencies;
    this.#session = session;
    this.#digest = digest;
    this.#before = session.state;
    this.#written = from;
    this.#limit = from.length ?? dependencies.maxBytes;
    this.#received = from.offset;
  }

  async take(chunk: Uint8Array): Promise<void> {
    this.#session.progressed();
    this.#received += chunk.byteLength;
    if (this.#received > this.#limit) throw tooLong(this.#limit);
    this.#written = withFirstBytes(this.#written, chunk);
    // With a checksum the bytes may be damaged; whether they are is known at their end.
    if (this.#digest === undefined) this.#written = this.#typed(false);
    this.#digest?.update(chunk);
    await this.writer.write(chunk);
    const now = performance.now();
    const isDue = now - this.#flushedAt > uploadLimits.flushAfterMs;
    if (isDue && blockCount(this.#written) < uploadLimits.maxEarlyBlocks) {
      if (this.writer.pending > 0) await this.writer.flush();
      this.#flushedAt = now;
    }
  }

  async finish(): Promise<void> {
    const isWhole = this.#written.offset === this.#written.length;
    this.#written = this.#typed(isWhole);
    if (isWhole && this.#written.status === 'open') this.#written = { ...this.#written, status: 'complete' };
    await this.#persist(this.#written);
  }

  /** Nothing of a request that is refused stays, not even what was counted while it ran. */
  async undo(): Promise<void> {
    await this.#persist(this.#before);
  }

  /** What is too heavy for its type is refused by its first bytes. */
  #typed(isWhole: boolean): UploadState {
    const state = withType(this.#written, isWhole);
    const { contentType, length } = state;
    if (contentType !== null)
      requireWeight(length ?? this.#received, contentType, this.#dependencies.maxBytes);
    return state;
  }

  async #stage(block: Uint8Array): Promise<void> {
    const { bytes } = this.#dependencies;
    const { token } = this.#session;
    if (blockCount(this.#written) >= uploadLimits.maxBlocks) {
      throw new DarkroomError('too-large', 'This upload has as many blocks as it may: send larger pieces.');
    }
    const id = blockId(token, this.#session.blocks++);
    await atStore('staging a block', () => bytes.stage(this.#written, id, block));
    const offset = this.#written.offset + block.byteLength;
    this.#written = { ...this.#written, offset, runs: withBlock(this.#written.runs, token) };
    // With a checksum nothing counts before the last byte was seen.
    const isDue = performance.now() - this.#persistedAt > uploadLimits.flushAfterMs / 4;
    if (this.#digest === undefined && isDue) await this.#persist(this.#written);
  }

  async #persist(state: UploadState): Promise<void> {
    if (state === this.#session.state) return;
    await atStore('keeping the state of an upload', () =>
      this.#dependencies.states.write(state, this.#session.hold),
    );
    this.#session.state = state;
    this.#persistedAt = performance.now();
  }
}

export const tooLong = (maxBytes: number): DarkroomError =>
  new DarkroomError('too-large', `This upload may have ${maxBytes} bytes, and more than that were sent.`, {
    details: { maxBytes },
  });

const isRefusal = (error: unknown): boolean =>
  error instanceof DarkroomError &&
  ['too-large', 'unsupported-type', 'checksum-mismatch'].includes(error.code);

/**
 * Takes a body into blocks behind `from`, which is the session's state or what the request makes of it. What arrived
 * before the connection broke is kept, unless a checksum was to cover all of it. Throws `too-large`,
 * `unsupported-type`, `checksum-mismatch`, `upload-interrupted`, `locked`.
 */
export async function append(
  dependencies: AppendDependencies,
  session: Session,
  from: UploadState,
  { checksum, body }: Incoming,
): Promise<void> {
  const { signal } = session;
  const digest = checksum && digester(checksum.algorithm);
  const appending = new Append(dependencies, session, from, digest);
  try {
    const broken = await readBody({ body, signal }, (chunk) => appending.take(chunk));
    if (signal.aborted && signal.reason === 'ended')
      throw new DarkroomError('locked', 'This upload was ended meanwhile.');
    if (broken !== undefined && (broken.code !== 'upload-interrupted' || digest)) throw broken;
    await appending.writer.flush();
    if (checksum && digest) verifyChecksum(checksum, digest);
    await appending.finish();
    if (broken !== undefined && session.state.status === 'open') throw broken;
  } catch (error) {
    if (isRefusal(error)) await appending.undo();
    throw error;
  } finally {
    await appending.writer.close();
  }
}
