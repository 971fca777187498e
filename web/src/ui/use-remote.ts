import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { asProblem, type Problem } from '../api/problem.ts';

export interface Remote<T> {
  /** The last that was read; it stays while it is read again, and when that fails. */
  readonly data: T | undefined;
  /** Why the last attempt failed, if it did. */
  readonly problem: Problem | undefined;
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
  readonly problem: Problem | undefined;
  readonly loading: boolean;
  readonly readAt: Date | undefined;
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

  const reload = useCallback(() => {
    running.current?.abort();
    const controller = new AbortController();
    running.current = controller;
    busy.current = true;
    setHeld((now) => ({ ...(now.key === key ? now : nothing), key, loading: true }));
    latest.current(controller.signal).then(
      (data) => {
        if (controller.signal.aborted) return;
        busy.current = false;
        setHeld({ ...nothing, key, data, readAt: new Date() });
      },
      (error: unknown) => {
        if (controller.signal.aborted) return;
        busy.current = false;
        setHeld((now) => ({ ...now, problem: asProblem(error), loading: false }));
      },
    );
  }, [key]);

  useEffect(() => {
    if (!when) return;
    reload();
    return () => running.current?.abort();
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
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', again);
      removeEventListener('online', again);
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
