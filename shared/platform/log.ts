import type { InvocationContext } from '@azure/functions';
import { DarkroomError } from './errors.ts';

export type Fields = Readonly<Record<string, unknown>>;
export type Level = 'debug' | 'info' | 'warn' | 'error';

/** Structured logging: what happened as a stable name, the rest as fields. Personal data and secrets are removed. */
export interface Log {
  debug(event: string, fields?: Fields): void;
  info(event: string, fields?: Fields): void;
  warn(event: string, fields?: Fields): void;
  error(event: string, error: unknown, fields?: Fields): void;
  /** A log that adds these fields to every line, as the correlation id. */
  with(fields: Fields): Log;
}

/** Field names whose values never leave the process, whatever they hold. */
const secretField =
  /(authorization|password|secret|token|signature|cookie|connectionstring|accountkey|e-?mail|phone|address|upn)$|^(name|file-?name|display-?name|full-?name|first-?name|last-?name|given-?name|family-?name|preferred_username|bytes?base64|data_base64)$/i;

/** The same in running text: JSON web tokens, e-mail addresses, shared keys, SAS and URL signatures. */
const secretText: readonly (readonly [RegExp, string])[] = [
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, '[token]'],
  [/\bBearer\s+[\w.~+/-]+=*/gi, 'Bearer [token]'],
  [/\b(AccountKey|SharedAccessKey|SharedAccessSignature|Password|Pwd)=[^;\s"']+/gi, '$1=[secret]'],
  [/([?&](?:sig|signature)=)[^&\s"']+/gi, '$1[secret]'],
  [/[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g, '[mail]'],
];

/** Text without what must not be logged. */
const redactText = (text: string): string =>
  secretText.reduce((clean, [pattern, replacement]) => clean.replace(pattern, replacement), text);

const maxDepth = 6;

/** A value ready for a log line: errors as facts, dates as ISO 8601, bytes as their count, secrets gone. */
function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'bigint') return value.toString();
  if (value === null || typeof value !== 'object') return typeof value === 'function' ? '[function]' : value;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'invalid date' : value.toISOString();
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (value instanceof Error) return describeError(value, depth);
  if (depth >= maxDepth) return '[deeper]';
  if (Array.isArray(value)) return value.map((item) => redact(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      secretField.test(key) && item !== undefined && item !== null ? '[redacted]' : redact(item, depth + 1),
    ]),
  );
}

function describeError(error: Error, depth: number): Fields {
  const code = error instanceof DarkroomError ? error.code : (error as { code?: unknown }).code;
  return {
    type: error.name,
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    message: redactText(error.message),
    ...(error instanceof DarkroomError && Object.keys(error.details).length > 0
      ? { details: redact(error.details, depth + 1) }
      : {}),
    ...(error instanceof DarkroomError ? {} : { stack: redactText(error.stack ?? '') }),
    ...(error.cause !== undefined && depth < maxDepth ? { cause: redact(error.cause, depth + 1) } : {}),
  };
}

/** Where lines go: one JSON object each. */
export type Sink = (level: Level, line: string) => void;

export function makeLog(sink: Sink, fields: Fields = {}): Log {
  const write = (level: Level, event: string, extra: Fields = {}): void =>
    sink(level, JSON.stringify({ event, ...(redact({ ...fields, ...extra }) as Fields) }));
  return {
    debug: (event, extra) => write('debug', event, extra),
    info: (event, extra) => write('info', event, extra),
    warn: (event, extra) => write('warn', event, extra),
    error: (event, error, extra) => write('error', event, { ...extra, error }),
    with: (extra) => makeLog(sink, { ...fields, ...extra }),
  };
}

/** Logs of one invocation go through its context, so that the host files them under it. */
export const invocationLog = (context: InvocationContext, fields: Fields = {}): Log =>
  makeLog((level, line) => context[level](line), fields);

const processSink: Sink = (level, line) =>
  (level === 'error' || level === 'warn' ? process.stderr : process.stdout).write(`${line}\n`);

/** For what happens outside any invocation. */
export const processLog = (fields: Fields = {}): Log => makeLog(processSink, fields);
