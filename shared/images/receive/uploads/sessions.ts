import { randomBytes } from 'node:crypto';
import { atStore } from '../../../platform/blobs/failures.ts';
import { DarkroomError } from '../../../platform/errors.ts';
import type { UploadBytes } from './bytes.ts';
import type { UploadState } from './state.ts';
import type { Hold, UploadStates } from './state-store.ts';

/** The right to write to one upload, while nobody else has taken its lease. */
export interface Session {
  readonly hold: Hold;
  /** In the ids of this session's blocks, so that they are never those of another. */
  readonly token: string;
  state: UploadState;
  blocks: number;
}

interface Running {
  readonly abort: AbortController;
  readonly done: Promise<unknown>;
}

/** Kept between requests, so that the next PATCH need not take the lease again. */
const maxSessions = 500;

const newSession = ({ state, hold }: { state: UploadState; hold: Hold }): Session => ({
  state,
  hold,
  token: randomBytes(6).toString('hex'),
  blocks: 0,
});

/** The sessions of this instance, and which uploads it works on at this moment. */
export class UploadSessions {
  readonly #states: UploadStates;
  readonly #bytes: UploadBytes;
  readonly #sessions = new Map<string, Session>();
  readonly #running = new Map<string, Running>();

  constructor({ states, bytes }: { readonly states: UploadStates; readonly bytes: UploadBytes }) {
    this.#states = states;
    this.#bytes = bytes;
  }

  /** The state of an upload that has a session here. */
  stateOf(owner: string, id: string): UploadState | undefined {
    const state = this.#sessions.get(id)?.state;
    return state?.owner === owner ? state : undefined;
  }

  isRunning(id: string): boolean {
    return this.#running.has(id);
  }

  forget(id: string): void {
    this.#sessions.delete(id);
  }

  /** Runs it as the only one of this instance for this upload; a request before it ends, for `reason`. */
  async alone<T>(
    id: string,
    reason: 'superseded' | 'ended',
    run: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    for (let other = this.#running.get(id); other !== undefined; other = this.#running.get(id)) {
      other.abort.abort(reason);
      await other.done;
    }
    const abort = new AbortController();
    const work = run(abort.signal);
    const end = () => this.#running.delete(id);
    this.#running.set(id, { abort, done: work.then(end, end) });
    return work;
  }

  /** Runs it with the session; one whose lease was lost is not kept. */
  async use<T>(
    { owner, id, offset }: { readonly owner: string; readonly id: string; readonly offset?: number },
    run: (session: Session) => Promise<T>,
  ): Promise<T> {
    const session = await this.#sessionOf(owner, id, offset);
    try {
      return await run(session);
    } catch (error) {
      const code = error instanceof DarkroomError ? error.code : undefined;
      if (code === undefined || code === 'locked' || code === 'unavailable') this.forget(id);
      if (code === 'locked') await this.#discardAfterEnd(session.state);
      throw error;
    }
  }

  /** With `offset`, one that stands elsewhere is not trusted: another instance may have gone on meanwhile. */
  async #sessionOf(owner: string, id: string, offset: number | undefined): Promise<Session> {
    const kept = this.#sessions.get(id);
    const isCurrent = offset === undefined || kept?.state.offset === offset;
    if (kept?.state.owner === owner && isCurrent) return kept;
    const acquired = await atStore('taking over an upload', () => this.#states.acquire(owner, id));
    if (acquired === undefined)
      throw new DarkroomError('not-found', 'There is no such upload: start a new one.');
    const session = newSession(acquired);
    this.#sessions.set(id, session);
    this.#dropOldest();
    return session;
  }

  #dropOldest(): void {
    for (const oldest of this.#sessions.keys()) {
      if (this.#sessions.size <= maxSessions) return;
      if (!this.#running.has(oldest)) this.forget(oldest);
    }
  }

  /** Blocks that were staged after somebody had ended the upload are nobody's: they go too. */
  async #discardAfterEnd(state: UploadState): Promise<void> {
    await atStore('removing what is left of an upload', async () => {
      if ((await this.#states.read(state.owner, state.id)) === undefined) await this.#bytes.discard(state);
    });
  }
}
