import { randomBytes } from 'node:crypto';
import { atStore } from '../../../platform/blobs/failures.ts';
import { DarkroomError } from '../../../platform/errors.ts';
import type { UploadBytes } from './bytes.ts';
import { uploadLimits } from './limits.ts';
import { RunningRequests, type Purpose, type Request } from './running-requests.ts';
import type { UploadState } from './state.ts';
import type { Hold, UploadStates } from './state-store.ts';

/** One request's right to write to one upload, while nobody else has taken its lease. */
export interface Session extends Request {
  readonly hold: Hold;
  /** In the ids of this session's blocks, so that they are never those of another. */
  readonly token: string;
  state: UploadState;
  blocks: number;
}

/** Remembered between requests, so that the blocks of many of them are one run. */
const maxTokens = 500;

export const noSuchUpload = (): DarkroomError =>
  new DarkroomError('not-found', 'There is no such upload: start a new one.');

export class UploadSessions {
  readonly #states: UploadStates;
  readonly #bytes: UploadBytes;
  readonly #running = new RunningRequests();
  readonly #tokens = new Map<string, string>();

  constructor({ states, bytes }: { readonly states: UploadStates; readonly bytes: UploadBytes }) {
    this.#states = states;
    this.#bytes = bytes;
  }

  /** Runs it as the only one of this instance for this upload, without its lease. */
  alone<T>(owner: string, id: string, purpose: Purpose, run: (request: Request) => Promise<T>): Promise<T> {
    return this.#running.alone(`${owner}/${id}`, purpose, run);
  }

  /** Runs it as the only one anywhere. Throws `not-found`, or `locked` when another takes the upload over meanwhile. */
  use<T>(owner: string, id: string, purpose: Purpose, run: (session: Session) => Promise<T>): Promise<T> {
    return this.alone(owner, id, purpose, (request) => this.hold(owner, id, purpose, request, run));
  }

  /** For a request that is alone already. */
  async hold<T>(
    owner: string,
    id: string,
    purpose: Purpose,
    request: Request,
    run: (session: Session) => Promise<T>,
  ): Promise<T> {
    const waitMs = purpose === 'end' ? 0 : uploadLimits.takeOverAfterMs;
    const acquired = await atStore('taking over an upload', () => this.#states.acquire(owner, id, waitMs));
    if (acquired === undefined) throw noSuchUpload();
    const session = { ...acquired, ...request, ...this.#blocksAfter(acquired.state) };
    // Blocks of a request that fails are nobody's, and their ids are not used again.
    this.#tokens.delete(id);
    try {
      const result = await run(session);
      if (session.state.status === 'open') this.#remember(session);
      return result;
    } catch (error) {
      if (error instanceof DarkroomError && error.code === 'locked')
        await this.#discardAfterEnd(session.state);
      throw error;
    } finally {
      await this.#states.release(session.state, session.hold);
    }
  }

  #blocksAfter({ id, runs }: UploadState): Pick<Session, 'token' | 'blocks'> {
    const last = runs.at(-1);
    if (last !== undefined && last.token === this.#tokens.get(id))
      return { token: last.token, blocks: last.count };
    return { token: randomBytes(6).toString('hex'), blocks: 0 };
  }

  #remember({ state: { id }, token }: Session): void {
    this.#tokens.set(id, token);
    const [oldest] = this.#tokens.keys();
    if (this.#tokens.size > maxTokens && oldest !== undefined) this.#tokens.delete(oldest);
  }

  /** Blocks that were staged after somebody had ended the upload are nobody's: they go too. */
  async #discardAfterEnd(state: UploadState): Promise<void> {
    await atStore('removing what is left of an upload', async () => {
      if ((await this.#states.read(state.owner, state.id)) === undefined) await this.#bytes.discard(state);
    });
  }
}
