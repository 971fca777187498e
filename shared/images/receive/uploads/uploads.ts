import type { Clock } from '../../../platform/clock.ts';
import { DarkroomError } from '../../../platform/errors.ts';
import { atStore } from '../../../platform/blobs/failures.ts';
import type { Origin } from '../../../platform/image-origin.ts';
import { rawMetadata } from '../../store/raw-metadata.ts';
import { append, newSession, type Incoming, type Session } from './append.ts';
import type { UploadBytes } from './bytes.ts';
import { uploadLimits } from './limits.ts';
import type { UploadState } from './state.ts';
import type { UploadStates } from './state-store.ts';

export interface NewUpload {
  readonly id: string;
  readonly owner: string;
  readonly correlationId: string;
  readonly length: number | null;
  readonly metadata: string | null;
  readonly concatenation: UploadState['concatenation'];
}

export interface Uploads {
  /** Starts one; the same id again answers the one there is. Throws `rate-limited` for an owner with too many open. */
  create(upload: NewUpload): Promise<UploadState>;
  /** Undefined for another owner's; throws `upload-expired` once its time is over. */
  find(owner: string, id: string): Promise<UploadState | undefined>;
  /**
   * Writes a body at `offset`. Throws `not-found`, `conflict` (wrong offset), `forbidden` (its bytes come another way), `locked`,
   * and what `append` throws; an upload that turns out to be no image is removed.
   */
  write(
    owner: string,
    id: string,
    at: { offset: number; length?: number },
    incoming: Incoming,
  ): Promise<UploadState>;
  /** Ends requests that are writing now, so that the offset answered next stays true. */
  interrupt(owner: string, id: string): Promise<void>;
  /** Makes a complete upload's bytes a raw image (or a part ready to be joined); may be repeated. */
  commit(state: UploadState): Promise<UploadState>;
  /** Writes that nothing is left to do for it. */
  settle(state: UploadState): Promise<UploadState>;
  remove(owner: string, id: string): Promise<boolean>;
  /** Takes the upload from whoever writes to it and lets go of its lease, so that its blobs can be deleted. */
  release(state: UploadState): Promise<void>;
  /** Joins finished parts, in order, into one that is complete. */
  join(state: UploadState): Promise<UploadState>;
  /** Uploads whose time is over. */
  expired(now: Date): AsyncIterable<UploadState>;
  dropMarkers(before: Date): Promise<void>;
}

/** The image that an upload becomes. Its seven days count from the first byte that was stored. */
const originOf = (state: UploadState): Origin => ({
  imageId: state.id,
  owner: state.owner,
  source: 'tus',
  uploadedAt: new Date(state.createdAt),
  correlationId: state.correlationId,
});

/** Throws `forbidden` for an upload whose bytes come another way. */
function requireBytes({ concatenation }: UploadState): void {
  if (concatenation?.kind === 'final') {
    throw new DarkroomError(
      'forbidden',
      'A final upload is joined from its parts and takes no bytes itself.',
    );
  }
}

const wrongOffset = ({ offset }: UploadState, asked: number): DarkroomError =>
  new DarkroomError('conflict', `The upload stands at byte ${offset}, not at ${asked}: go on from there.`, {
    details: { offset },
  });

function withLength(state: UploadState, length: number): UploadState {
  if (state.length !== null && state.length !== length) {
    throw new DarkroomError(
      'invalid-request',
      'The length of this upload is known already and does not change.',
    );
  }
  return { ...state, length, status: state.offset === length ? 'complete' : state.status };
}

interface Running {
  readonly abort: AbortController;
  readonly done: Promise<unknown>;
}

/** Sessions that an instance keeps between requests, so that the next PATCH need not take the lease again. */
const maxSessions = 500;

export function makeUploads(parts: { states: UploadStates; bytes: UploadBytes; clock: Clock }): Uploads {
  const { states, bytes, clock } = parts;
  const sessions = new Map<string, Session>();
  const running = new Map<string, Running>();

  /** With `offset`, one that stands elsewhere is not trusted: another instance may have gone on meanwhile. */
  async function sessionOf(owner: string, id: string, offset?: number): Promise<Session> {
    const known = sessions.get(id);
    const isCurrent = offset === undefined || known?.state.offset === offset;
    if (known?.state.owner === owner && isCurrent) return known;
    const acquired = await atStore('taking over an upload', () => states.acquire(owner, id));
    if (acquired === undefined)
      throw new DarkroomError('not-found', 'There is no such upload: start a new one.');
    const session = newSession(acquired.state, acquired.hold);
    sessions.set(id, session);
    for (const oldest of sessions.keys()) {
      if (sessions.size <= maxSessions) break;
      if (!running.has(oldest)) sessions.delete(oldest);
    }
    return session;
  }

  /** Runs it as the only one of this instance for this upload; a request before it ends, for `reason`. */
  async function alone<T>(
    id: string,
    reason: 'superseded' | 'ended',
    run: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    for (let other = running.get(id); other !== undefined; other = running.get(id)) {
      other.abort.abort(reason);
      await other.done;
    }
    const abort = new AbortController();
    const work = run(abort.signal);
    const done = work.then(
      () => running.delete(id),
      () => running.delete(id),
    );
    running.set(id, { abort, done });
    return work;
  }

  const unlessExpired = (state: UploadState): UploadState => {
    if (state.status === 'open' && new Date(state.expiresAt) <= clock.now()) {
      throw new DarkroomError(
        'upload-expired',
        'This upload was not finished in time and is gone: start a new one.',
      );
    }
    return state;
  };

  /** Runs it with the session; one whose lease was lost is not kept. */
  async function withSession<T>(
    owner: string,
    id: string,
    run: (session: Session) => Promise<T>,
    offset?: number,
  ): Promise<T> {
    const session = await sessionOf(owner, id, offset);
    try {
      return await run(session);
    } catch (error) {
      const isLocked = error instanceof DarkroomError && error.code === 'locked';
      if (isLocked || !(error instanceof DarkroomError) || error.code === 'unavailable') sessions.delete(id);
      if (isLocked) await sweepAfter(session.state);
      throw error;
    }
  }

  /** Blocks that were staged after somebody had ended the upload are nobody's: they go too. */
  async function sweepAfter(state: UploadState): Promise<void> {
    await atStore('removing what is left of an upload', async () => {
      if ((await states.read(state.owner, state.id)) === undefined) await bytes.discard(state);
    });
  }

  /** Writes that it is done, and lets go: from here on nobody writes to it. */
  const settle = (state: UploadState): Promise<UploadState> =>
    withSession(state.owner, state.id, async (session) => {
      const settled: UploadState = { ...session.state, status: 'admitted' };
      await atStore('keeping the state of an upload', async () => {
        await states.write(settled, session.hold);
        await states.release(settled, session.hold);
      });
      sessions.delete(state.id);
      return settled;
    });

  async function remove(owner: string, id: string): Promise<boolean> {
    return alone(id, 'superseded', async () => {
      // With the lease, so that no other instance can complete it any more.
      const state = (await atStore('taking over an upload', () => states.acquire(owner, id)))?.state;
      sessions.delete(id);
      if (state === undefined) return false;
      await atStore('removing an upload', async () => {
        if (state.status !== 'admitted') await bytes.discard(state);
        await bytes.deleteOwn(state);
        await states.remove(owner, id);
      });
      return true;
    });
  }

  async function* partsOf(owner: string, ids: readonly string[]): AsyncIterable<Uint8Array> {
    for (const id of ids) {
      const part = await states.read(owner, id);
      if (part === undefined)
        throw new DarkroomError('not-found', 'A part of this upload is not there any more.');
      yield* await bytes.openChunk(part);
    }
  }

  async function discard(session: Session): Promise<void> {
    await atStore('removing an upload', async () => {
      await bytes.discard(session.state);
      await states.remove(session.state.owner, session.state.id);
    });
    sessions.delete(session.state.id);
  }

  /** Appends; what turns out to be no image is removed at once. */
  async function appendOrDiscard(session: Session, incoming: Incoming): Promise<UploadState> {
    try {
      await append(parts, session, incoming);
      return session.state;
    } catch (error) {
      if (error instanceof DarkroomError && error.code === 'unsupported-type') await discard(session);
      throw error;
    }
  }

  /** Fills an upload from what is in the store already, from its start, whatever an earlier try left. */
  const fill = (state: UploadState, body: AsyncIterable<Uint8Array>): Promise<UploadState> =>
    alone(state.id, 'superseded', (signal) =>
      withSession(state.owner, state.id, (session) => {
        session.state = { ...session.state, length: state.length, offset: 0, runs: [] };
        return appendOrDiscard(session, { body, signal });
      }),
    );

  return {
    async create(upload) {
      const open = await atStore('counting uploads', () =>
        states.countOpen(upload.owner, uploadLimits.maxOpenUploads),
      );
      if (open >= uploadLimits.maxOpenUploads) {
        throw new DarkroomError(
          'rate-limited',
          `You have ${open} unfinished uploads: finish or end one of them first.`,
        );
      }
      const now = clock.now();
      const state: UploadState = {
        version: 1,
        ...upload,
        offset: 0,
        runs: [],
        contentType: null,
        status: upload.length === 0 ? 'complete' : 'open',
        createdAt: now.toISOString(),
        expiresAt: new Date(now.getTime() + uploadLimits.lifetimeMs).toISOString(),
      };
      if ((await atStore('starting an upload', () => states.create(state))) === 'created') return state;
      return (await atStore('finding an upload', () => states.read(upload.owner, upload.id))) ?? state;
    },

    async find(owner, id) {
      const state = sessions.get(id)?.state;
      const found =
        state?.owner === owner && running.has(id)
          ? state
          : await atStore('finding an upload', () => states.read(owner, id));
      return found && unlessExpired(found);
    },

    async write(owner, id, at, incoming) {
      const write = async (session: Session, superseded: AbortSignal): Promise<UploadState> => {
        const state = unlessExpired(session.state);
        requireBytes(state);
        if (state.offset !== at.offset) throw wrongOffset(state, at.offset);
        if (at.length !== undefined) {
          session.state = withLength(state, at.length);
          await states.write(session.state, session.hold);
        }
        const signal = AbortSignal.any([superseded, incoming.signal]);
        return appendOrDiscard(session, { ...incoming, signal });
      };
      return alone(id, 'superseded', (superseded) =>
        withSession(owner, id, (session) => write(session, superseded), at.offset),
      );
    },

    async interrupt(owner, id) {
      if (sessions.get(id)?.state.owner !== owner) return;
      await alone(id, 'ended', () => Promise.resolve());
    },

    async commit(state) {
      if (state.status === 'open') throw new DarkroomError('wrong-state', 'The upload is not complete.');
      if (state.status === 'complete') {
        await atStore('making an upload an image', () => bytes.commit(state, rawMetadata(originOf(state))));
      }
      return state;
    },

    settle: (state) => (state.status === 'admitted' ? Promise.resolve(state) : settle(state)),

    remove,

    release: (state) =>
      alone(state.id, 'superseded', async () => {
        sessions.delete(state.id);
        await atStore('taking over an upload', async () => {
          const acquired = await states.acquire(state.owner, state.id);
          if (acquired !== undefined) await states.release(acquired.state, acquired.hold);
        });
      }),

    async join(state) {
      if (state.concatenation?.kind !== 'final')
        throw new DarkroomError('internal', 'Only a final upload is joined.');
      return fill(state, partsOf(state.owner, state.concatenation.parts));
    },

    expired: (now) => states.expired(now),
    dropMarkers: (before) => states.dropMarkers(before),
  };
}
