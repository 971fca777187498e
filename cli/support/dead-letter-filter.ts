import { InvalidArgumentError, Option, type Command } from 'commander';
import { errorCatalog, type ErrorCode } from '../../shared/platform/errors.ts';
import { readHubs, type ReadHub } from '../../shared/stream/hubs.ts';

export interface FilterOptions {
  readonly code?: ErrorCode;
  readonly stage?: string;
  readonly hub?: ReadHub;
  readonly from?: string;
  readonly to?: string;
}

/** `2026-11-30T14:02Z`, a day, or how long ago: `90m`, `6h`, `2d`. */
function instantOf(text: string, now: number): string {
  const [, count, unit] = /^(\d+)([mhd])$/.exec(text) ?? [];
  const minutes = { m: 1, h: 60, d: 1_440 }[unit ?? ''];
  const at = new Date(minutes === undefined ? text : now - Number(count) * minutes * 60_000);
  if (Number.isNaN(at.getTime()))
    throw new Error(`${text} is no time: write 2026-11-30T14:02Z, or 6h for six hours ago.`);
  return at.toISOString();
}

function codeOf(text: string): ErrorCode {
  if (text in errorCatalog) return text as ErrorCode;
  throw new InvalidArgumentError('docs/errors.md lists the codes.');
}

/** The options that say which dead letters. */
export const withFilter = (command: Command): Command =>
  command
    .addOption(new Option('--code <code>', 'of this error code').argParser(codeOf))
    .option('--stage <stage>', 'that failed in this step')
    .addOption(new Option('--hub <hub>', 'that came from this hub').choices(readHubs))
    .option('--from <time>', 'dead since then: 2026-11-30T14:02Z, or 6h for six hours ago')
    .option('--to <time>', 'dead before then');

/** The filter as the API takes it. */
export function filterOf({ code, stage, hub, from, to }: FilterOptions, now = Date.now()) {
  return {
    ...(code !== undefined && { code }),
    ...(stage !== undefined && { stage }),
    ...(hub !== undefined && { hub }),
    ...(from !== undefined && { from: instantOf(from, now) }),
    ...(to !== undefined && { to: instantOf(to, now) }),
  };
}
