import { atStore } from '../../../platform/blobs/failures.ts';
import { DarkroomError } from '../../../platform/errors.ts';
import { sniff, sniffBytes } from '../../process/header/sniff.ts';
import { makeBlockWriter, type BlockWriter } from '../../store/block-writer.ts';
import type { UploadBytes } from './bytes.ts';
import { digester, verifyChecksum, type Checksum, type Digester } from './checksum.ts';
import { uploadLimits } from './limits.ts';
import { readBody } from './read-body.ts';
import type { Session } from './sessions.ts';
import { blockCount, blockId, withBlock, type UploadState } from './state.ts';
import type { UploadStates } from './state-store.ts';

export interface Incoming {
  readonly body: AsyncIterable<Uint8Array>;
  readonly checksum?: Checksum;
  /** Aborted with `superseded` when a newer request takes over, for which what was not written yet is sent again. */
  readonly signal: AbortSignal;
}

export interface AppendDependencies {
  readonly states: UploadStates;
  readonly bytes: UploadBytes;
}

/** One body on its way into blocks. */
class Append {
  readonly writer: BlockWriter = makeBlockWriter((block) => this.#stage(block));
  readonly #dependencies: AppendDependencies;
  readonly #session: Session;
  readonly #digest: Digester | undefined;
  readonly #before: UploadState;
  readonly #limit: number;
  readonly #head: Uint8Array[] = [];
  #written: UploadState;
  #received: number;
  #persistedAt = performance.now();
  #flushedAt = performance.now();

  constructor(dependencies: AppendDependencies, session: Session, digest: Digester | undefined) {
    this.#dependencies = dependencies;
    this.#session = session;
    this.#digest = digest;
    this.#before = this.#written = session.state;
    this.#limit = session.state.length ?? Number.MAX_SAFE_INTEGER;
    this.#received = session.state.offset;
  }

  async take(chunk: Uint8Array): Promise<void> {
    this.#received += chunk.byteLength;
    if (this.#received > this.#limit) {
      throw new DarkroomError(
        'too-large',
        `The upload was announced with ${this.#limit} bytes, and more than that came.`,
      );
    }
    this.#checkFirstBytes(chunk);
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
    if (this.#written.offset === this.#written.length)
      this.#written = { ...this.#written, status: 'complete' };
    await this.#persist();
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
    if (this.#digest === undefined && isDue) await this.#persist();
  }

  async #persist(): Promise<void> {
    if (this.#written === this.#session.state) return;
    await this.#dependencies.states.write(this.#written, this.#session.hold);
    this.#session.state = this.#written;
    this.#persistedAt = performance.now();
  }

  /** Partial uploads hold any bytes; what becomes an image must begin like one. */
  #checkFirstBytes(chunk: Uint8Array): void {
    const { concatenation, offset } = this.#before;
    if (this.#written.contentType !== null || concatenation !== null || offset > 0) return;
    this.#head.push(chunk.slice(0, sniffBytes));
    const first = Buffer.concat(this.#head);
    if (first.length < sniffBytes && first.length < this.#limit) return;
    const found = sniff(first);
    if ('type' in found) this.#written = { ...this.#written, contentType: found.type };
    else
      throw new DarkroomError(
        'unsupported-type',
        `${found.refused} Send JPEG, PNG, WebP, GIF, BMP, TIFF or AVIF.`,
      );
  }
}

/**
 * Takes a body into blocks behind `session.state`. What arrived before the connection broke is kept, unless a checksum
 * was to cover all of it. Throws `too-large`, `unsupported-type`, `checksum-mismatch`, `locked`.
 */
export async function append(
  dependencies: AppendDependencies,
  session: Session,
  { checksum, body, signal }: Incoming,
): Promise<void> {
  const digest = checksum && digester(checksum.algorithm);
  const appending = new Append(dependencies, session, digest);
  try {
    const broken = await readBody({ body, signal }, (chunk) => appending.take(chunk));
    if (signal.aborted && signal.reason === 'superseded') {
      throw new DarkroomError('locked', 'A newer request continues this upload.');
    }
    if (broken instanceof DarkroomError || (broken && digest)) throw broken;
    await appending.writer.flush();
    if (checksum && digest) verifyChecksum(checksum, digest);
    await appending.finish();
    if (broken !== undefined) throw broken;
  } finally {
    await appending.writer.close();
  }
}
