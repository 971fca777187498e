import { computed, signal, type Signal } from '@preact/signals';
import { asApiError, type ApiError } from '../../../../client/api-error.ts';
import { announce } from '../../ui/announce.tsx';
import { digestOf, type KnownDigests } from './digests.ts';
import { sendFile, type Sending } from './send-file.ts';
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

/** The files that a person gave, in the order given, a few of them on their way at any time. */
export function makeUploadQueue(personId: string, known: KnownDigests, onSent: (imageId: string) => void) {
  const entries = signal<readonly Entry[]>([]);
  const running = computed(() => entries.value.filter(({ state }) => isRunning(state.value)).length);

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
    while (running.peek() < places) {
      const waiting = entries.peek().find(({ state }) => state.peek().kind === 'waiting');
      if (!waiting) return;
      void run(waiting);
    }
  }

  function queue(entry: Entry) {
    entry.state.value = { kind: 'waiting' };
    next();
  }

  addEventListener('online', () => {
    for (const entry of entries.peek()) {
      const state = entry.state.peek();
      if (state.kind === 'paused' && state.by === 'connection') queue(entry);
    }
  });

  return {
    entries: entries as Signal<readonly QueuedFile[]>,
    running,

    add(files: Iterable<File>) {
      const added = Array.from(files, (file): Entry => ({
        key: crypto.randomUUID(),
        file,
        state: signal<UploadState>({ kind: 'waiting' }),
        digest: undefined,
        sending: undefined,
        insisted: false,
      }));
      entries.value = [...entries.value, ...added];
      next();
    },

    async pause(key: string) {
      const entry = find(key);
      const state = entry?.state.peek();
      if (!entry || state?.kind !== 'sending') return;
      entry.state.value = { kind: 'paused', sent: state.sent, by: 'person' };
      await entry.sending?.pause();
      next();
    },

    resume(key: string) {
      const entry = find(key);
      if (entry) queue(entry);
    },

    async cancel(key: string) {
      const entry = find(key);
      if (!entry || isOver(entry.state.peek())) return;
      entry.state.value = { kind: 'cancelled' };
      await entry.sending?.cancel().catch(() => undefined);
      next();
    },

    /** Sends although an image with the same bytes is there. */
    insist(key: string) {
      const entry = find(key);
      if (!entry) return;
      entry.insisted = true;
      queue(entry);
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
