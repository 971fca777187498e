import type { Log } from '../../shared/platform/log.ts';

/** Writes nothing, at no cost. */
export const silentLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  with: () => silentLog,
};
