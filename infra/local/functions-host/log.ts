import type { LogLevel } from './core-types.ts';

const severity = ['trace', 'debug', 'information', 'warning', 'error', 'critical', 'none'] as const;
type Threshold = (typeof severity)[number];

export interface LogEntry {
  readonly level: LogLevel;
  /** As in Azure: `Function.NAME`, `Function.NAME.User`, `Host.…`. */
  readonly category: string;
  readonly message: string;
  readonly invocationId?: string;
  readonly [field: string]: unknown;
}

export type Log = (entry: LogEntry) => void;

/** The threshold of the longest matching category prefix in host.json's `logging.logLevel`. */
function thresholdFor(category: string, levels: Readonly<Record<string, string>>): Threshold {
  const prefixes = Object.keys(levels).filter(
    (prefix) => category === prefix || category.startsWith(`${prefix}.`),
  );
  const best = prefixes.sort((a, b) => b.length - a.length)[0] ?? 'default';
  const level = (levels[best] ?? 'information').toLowerCase();
  return (severity as readonly string[]).includes(level) ? (level as Threshold) : 'information';
}

/** Writes one JSON object a line, what host.json's `logging.logLevel` lets through. */
export function makeLog(levels: Readonly<Record<string, string>>, write: (line: string) => void): Log {
  const thresholds = new Map<string, Threshold>();
  return ({ level, category, ...rest }) => {
    let threshold = thresholds.get(category);
    if (threshold === undefined) thresholds.set(category, (threshold = thresholdFor(category, levels)));
    if (severity.indexOf(level) < severity.indexOf(threshold)) return;
    write(`${JSON.stringify({ time: new Date().toISOString(), level, category, ...rest })}\n`);
  };
}

/** Writes what one turn of the event loop says in one go, for each write wakes who reads; the last words at the exit. */
export function toStandardOutput(): (line: string) => void {
  let waiting = '';
  const flush = (): void => {
    process.stdout.write(waiting);
    waiting = '';
  };
  process.on('exit', flush);
  return (line) => {
    if (waiting === '') setImmediate(flush);
    waiting += line;
  };
}
