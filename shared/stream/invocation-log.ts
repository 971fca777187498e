import { AsyncLocalStorage } from 'node:async_hooks';
import { processLog, type Log } from '../platform/log.ts';

const current = new AsyncLocalStorage<Log>();
const outside = processLog();

/** Runs with `log` as the log of this invocation, for what is made once and works for many. */
export const withLog = <T>(log: Log, run: () => T): T => current.run(log, run);

/** Writes to the log of whichever invocation is running. */
export const invocationLogger: Log = {
  debug: (event, fields) => (current.getStore() ?? outside).debug(event, fields),
  info: (event, fields) => (current.getStore() ?? outside).info(event, fields),
  warn: (event, fields) => (current.getStore() ?? outside).warn(event, fields),
  error: (event, error, fields) => (current.getStore() ?? outside).error(event, error, fields),
  with: (fields) => (current.getStore() ?? outside).with(fields),
};
