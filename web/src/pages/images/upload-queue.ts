import { computed, effect, signal, type Signal } from '@preact/signals';
import { asApiError, type ApiError } from '../../../../client/api-error.ts';
import { forgetFile, isKept, keepFile, keptFiles } from '../../session/kept-files.ts';
import { announce } from '../../ui/announce.tsx';
import { digestOf, type KnownDigests } from './digests.ts';
import { forgetPaused, pausedAt, rememberPaused } from './paused-uploads.ts';
import { discardSent, sendFile, type Sending } from './send-file.ts';
import { isOver, isRunning, mayRetry, type UploadState } from './upload-state.ts';

export interface QueuedFile {
  readonly key: string;
  readonly file: File;
  readonly state: Signal<UploadState>;
}

interface Entry extends QueuedFile {
  digest: string | undefined;
  sending: Sending | undefined;
  /** Said to be another one and wanted nevertheless. */
  insisted: boolean;
}

/** Files sent side by side. */
const places = 3;

/** How long an image lives, for remembering its digest. */
const week = 7 * 24 * 3600 * 1000;

const makeEntry = (file: File, key: string, state: UploadState): Entry => ({
  ...{ key, file, digest: undefined, sending: undefined, insisted: false },
  state: signal(state),
});

/** As far as a resumed upload knows its file. */
const isSameFile = (one: File, other: File): boolean =>
  one.name === other.name && one.size === other.size && one.lastModified === other.lastModified;

const waiting: UploadState = { kind: 'waiting' };

/** Done when nothing more happens to the file by itself; until then it is noted when its person pauses it. */
const settled = (personId: string, { key, state }: Entry): Promise<void> =>
  new Promise((resolve) => {
    const stop = effect(() => {
      const now = state.value;
      if (now.kind === 'paused' && now.by === 'person') rememberPaused(personId, key, now.sent);
      else forgetPaused(personId, key);
      if (!isOver(now)) return;
      resolve();
      queueMicrotask(() => stop());
    });
  });

/** In one tab at a time; another one goes on when this one is gone. */
const inOneTab = (key: string, run: () => Promise<void>): void =>
  void navigator.locks.request(`darkroom.upload.${key}`, run).catch(() => undefined);

/** The files that a person gave, in the order given, a few of them on their way at any time. */
export function makeUploadQueue(personId: string, known: KnownDigests, onSent: (imageId: string) => void) {
  const entries = signal<readonly Entry[]>([]);
  const unfinished = computed(() => entries.value.filter(({ state }) => !isOver(state.value)).length);

  const find = (key: string) => entries.peek().find((entry) => entry.key === key);

  async function findDuplicate(entry: Entry): Promise<string | undefined> {
    if (entry.insisted) return undefined;
    entry.digest ??= await digestOf(entry.file);
    const { digest } = entry;
    if (digest === undefined) return undefined;
    for (const other of entries.peek()) {
      const state = other.state.peek();
      if (other !== entry && other.digest === digest && state.kind === 'sent') return state.imageId;
    }
    return known.find(digest);
  }

  function onProblem(entry: Entry, problem: ApiError) {
    const now = entry.state.peek();
    const sent = now.kind === 'sending' ? now.sent : 0;
    if (problem.status === 0 && !navigator.onLine) {
      entry.state.value = { kind: 'paused', sent, by: 'connection' };
    } else {
      entry.state.value = { kind: problem.isTransient ? 'failed' : 'refused', reason: problem.message };
      announce(`${entry.file.name}: ${problem.message}`);
    }
    next();
  }

  function onDone(entry: Entry, imageId: string) {
    entry.state.value = { kind: 'sent', imageId };
    if (entry.digest !== undefined) known.remember([[entry.digest, imageId, Date.now() + week]]);
    onSent(imageId);
    next();
  }

  const isStill = (entry: Entry, kind: UploadState['kind']) => entry.state.peek().kind === kind;

  async function run(entry: Entry) {
    entry.state.value = { kind: 'checking' };
    try {
      const imageId = await findDuplicate(entry);
      if (!isStill(entry, 'checking')) return;
      if (imageId !== undefined) {
        entry.state.value = { kind: 'duplicate', imageId };
        announce(`${entry.file.name}: the same picture is here already.`);
        next();
        return;
      }
      entry.state.value = { kind: 'sending', sent: 0 };
      const sending = await sendFile({
        file: entry.file,
        personId,
        key: entry.key,
        onProgress: (sent) => {
          if (isStill(entry, 'sending')) entry.state.value = { kind: 'sending', sent };
        },
        onDone: (id) => onDone(entry, id),
        onProblem: (problem) => onProblem(entry, problem),
      });
      entry.sending = sending;
      if (!isStill(entry, 'sending') && !isStill(entry, 'sent')) void sending.pause();
    } catch (error) {
      onProblem(entry, asApiError(error));
    }
  }

  function next() {
    const isBusy = () => entries.peek().filter(({ state }) => isRunning(state.peek())).length >= places;
    while (!isBusy()) {
      const first = entries.peek().find((entry) => isStill(entry, 'waiting'));
      if (!first) return;
      void run(first);
    }
  }

  function queue(entry: Entry) {
    entry.state.value = waiting;
    next();
  }

  /** Stops what is under way or waits; what was sent counts when it goes on. */
  async function hold(entry: Entry) {
    const state = entry.state.peek();
    if (state.kind !== 'waiting' && !isRunning(state)) return;
    entry.state.value = { kind: 'paused', sent: state.kind === 'sending' ? state.sent : 0, by: 'person' };
    await entry.sending?.pause();
  }

  /** What an earlier visit sent of it is forgotten too, unless the same file is given twice and goes on from there. */
  async function cancelSending(entry: Entry) {
    const isTwice = entries
      .peek()
      .some((other) => other !== entry && !isOver(other.state.peek()) && isSameFile(other.file, entry.file));
    const cancelled = entry.sending?.cancel() ?? (isTwice ? undefined : discardSent(personId, entry.file));
    await cancelled?.catch(() => undefined);
  }

  /** Has it in the browser's storage until it is over. */
  async function keepUntilOver(entry: Entry) {
    const { key, file } = entry;
    await keepFile({ key, file, personId, place: Date.now() + entries.peek().indexOf(entry) }).catch(
      () => undefined,
    );
    await settled(personId, entry);
    await forgetFile(key);
  }

  function take(added: readonly Entry[]) {
    entries.value = [...entries.peek(), ...added];
    next();
  }

  /** What an earlier visit left, and what another tab leaves while this one is open. */
  async function takeKept() {
    for (const { key, file } of await keptFiles(personId)) {
      inOneTab(key, async () => {
        if (!(await isKept(key))) return;
        const sent = pausedAt(personId, key);
        const state = sent === undefined ? waiting : ({ kind: 'paused', sent, by: 'person' } as const);
        const entry = makeEntry(file, key, state);
        take([entry]);
        await settled(personId, entry);
        await forgetFile(key);
      });
    }
  }
  takeKept().catch(() => undefined);

  addEventListener('online', () => {
    for (const entry of entries.peek()) {
      const state = entry.state.peek();
      if (state.kind === 'paused' && state.by === 'connection') queue(entry);
    }
  });

  return {
    entries: entries as Signal<readonly QueuedFile[]>,
    unfinished,

    add(files: Iterable<File>) {
      const added = Array.from(files, (file) => makeEntry(file, crypto.randomUUID(), waiting));
      for (const entry of added) inOneTab(entry.key, () => keepUntilOver(entry));
      take(added);
    },

    /** Shows files that are not sent, and why. */
    refuse(files: Iterable<File>, reason: string) {
      take(Array.from(files, (file) => makeEntry(file, crypto.randomUUID(), { kind: 'refused', reason })));
    },

    async pause(key: string) {
      const entry = find(key);
      if (!entry) return;
      await hold(entry);
      next();
    },

    /** What waits is held too, so that nothing takes the places of those that stop. */
    async pauseAll() {
      const held = entries.peek().filter((entry) => isStill(entry, 'waiting'));
      await Promise.all([...held, ...entries.peek()].map(hold));
    },

    resumeAll() {
      for (const entry of entries.peek()) {
        const state = entry.state.peek();
        if (state.kind === 'paused' && state.by === 'person') queue(entry);
      }
    },

    resume(key: string) {
      const entry = find(key);
      if (entry) queue(entry);
    },

    async cancel(key: string) {
      const entry = find(key);
      if (!entry || isOver(entry.state.peek())) return;
      entry.state.value = { kind: 'cancelled' };
      await cancelSending(entry);
      next();
    },

    /** All that is not over; answers what takes them up again. */
    cancelAll(): { readonly count: number; readonly undo: () => void } {
      const left = entries.peek().filter(({ state }) => !isOver(state.peek()));
      const before = left.map(({ state }) => state.peek());
      for (const entry of left) entry.state.value = { kind: 'cancelled' };
      const cancelled = Promise.all(left.map(cancelSending));
      const undo = async () => {
        await cancelled;
        for (const [index, entry] of left.entries()) {
          const state = before[index]!;
          entry.sending = undefined;
          entry.state.value = state.kind === 'paused' ? { ...state, sent: 0 } : waiting;
          inOneTab(entry.key, () => keepUntilOver(entry));
        }
        next();
      };
      return { count: left.length, undo: () => void undo() };
    },

    /** Sends although an image with the same bytes is there. */
    insist(key: string) {
      const entry = find(key);
      if (!entry) return;
      entry.insisted = true;
      queue(entry);
      inOneTab(key, () => keepUntilOver(entry));
    },

    retryFailed() {
      for (const entry of entries.peek()) if (mayRetry(entry.state.peek())) queue(entry);
    },

    clearOver() {
      entries.value = entries.value.filter(({ state }) => !isOver(state.value));
    },
  };
}

export type UploadQueue = ReturnType<typeof makeUploadQueue>;
