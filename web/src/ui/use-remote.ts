import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { asApiError, unreachable, type ApiError } from '../../../client/api-error.ts';
import { sessionResumed } from '../session/session.ts';

export interface Remote<T> {
  /** The last that was read; it stays while it is read again, and when that fails. */
  readonly data: T | undefined;
  /** Why the last attempt failed, if it did. */
  readonly problem: ApiError | undefined;
  readonly loading: boolean;
  /** When `data` came, for answers that do not say when the service read them. */
  readonly readAt: Date | undefined;
  /** Reads again, now. */
  readonly reload: () => void;
  /** Puts another value in place of what was read, until the next read. */
  readonly replace: (change: (data: T) => T) => void;
}

interface Options {
  /** Milliseconds between reads, while the page is looked at. */
  readonly every?: number;
  /** Nothing is read while false. */
  readonly when?: boolean;
}

interface Held<T> {
  readonly key: string;
  readonly data: T | undefined;
  readonly problem: ApiError | undefined;
  readonly loading: boolean;
  readonly readAt: Date | undefined;
}

/** An answer that takes longer does not come: the figures on the screen are then old, and say so. Milliseconds. */
const patience = 30_000;

/** Gives up when there is no answer in time. */
function within<T>(milliseconds: number, answer: Promise<T>, controller: AbortController): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(unreachable());
      controller.abort();
    }, milliseconds);
    void answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

const nothing = { data: undefined, problem: undefined, loading: false, readAt: undefined } as const;

/**
 * Reads from the API, again when `key` changes, every so often, when the page is looked at again and when the
 * connection is back. An answer that comes too late for its key is dropped.
 */
export function useRemote<T>(
  key: string,
  read: (signal: AbortSignal) => Promise<T>,
  { every, when = true }: Options = {},
): Remote<T> {
  const [held, setHeld] = useState<Held<T>>({ ...nothing, key, loading: when });
  const latest = useRef(read);
  latest.current = read;
  const running = useRef<AbortController | undefined>(undefined);
  const busy = useRef(false);
  const shown = useRef(held);
  shown.current = held;

  const reload = useCallback(() => {
    const { data, problem } = shown.current;
    // Whoever presses "Try again" twice waits for the first try: to begin again would put the answer off.
    if (busy.current && data === undefined && problem !== undefined) return;
    running.current?.abort();
    const controller = new AbortController();
    running.current = controller;
    busy.current = true;
    setHeld((now) => ({ ...(now.key === key ? now : nothing), key, loading: true }));
    within(patience, latest.current(controller.signal), controller).then(
      (data) => {
        if (running.current !== controller) return;
        busy.current = false;
        setHeld({ ...nothing, key, data, readAt: new Date() });
      },
      (error: unknown) => {
        if (running.current !== controller) return;
        busy.current = false;
        setHeld((now) => ({ ...now, problem: asApiError(error), loading: false }));
      },
    );
  }, [key]);

  useEffect(() => {
    if (!when) return;
    reload();
    return () => {
      running.current?.abort();
      running.current = undefined;
      busy.current = false;
    };
  }, [reload, when]);

  useEffect(() => {
    if (!when) return;
    const again = () => {
      // A slow answer is waited for, not asked for again.
      if (document.visibilityState === 'visible' && !busy.current) reload();
    };
    const timer = every === undefined ? undefined : setInterval(again, every);
    if (every !== undefined) document.addEventListener('visibilitychange', again);
    addEventListener('online', again);
    addEventListener(sessionResumed, again);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', again);
      removeEventListener('online', again);
      removeEventListener(sessionResumed, again);
    };
  }, [reload, every, when]);

  const replace = useCallback((change: (data: T) => T) => {
    setHeld((now) => (now.data === undefined ? now : { ...now, data: change(now.data) }));
  }, []);

  const current = held.key === key;
  return {
    ...(current ? held : { ...nothing, loading: when }),
    reload,
    replace,
  };
}
