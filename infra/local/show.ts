import { styleText } from 'node:util';
import { formatBytes, printTable } from '../../client/table.ts';
import type { Arrival } from './send-samples.ts';
import { componentNames } from './supervisor/components.ts';
import type { LineSink } from './supervisor/supervise.ts';

const colours = ['cyan', 'magenta', 'yellow', 'green', 'blue'] as const;
const width = Math.max(...componentNames.map((name) => name.length));

interface LogLine {
  readonly level?: string;
  readonly category?: string;
  readonly message?: string;
  readonly exception?: string;
  readonly milliseconds?: number;
  readonly event?: string;
}

const parse = (line: string): LogLine | undefined => {
  try {
    const value = JSON.parse(line) as unknown;
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
};

const loud = ['warning', 'error', 'critical'];

function describe(line: string): { text: string; isLoud: boolean } {
  const entry = parse(line);
  if (!entry) return { text: line, isLoud: false };
  if (entry.event !== undefined && entry.message === undefined) return { text: entry.event, isLoud: false };
  const time = entry.milliseconds === undefined ? '' : ` (${entry.milliseconds} ms)`;
  const exception = entry.exception === undefined ? '' : `: ${entry.exception.split('\n')[0]!}`;
  const isLoud = loud.includes(entry.level ?? '');
  return { text: `${entry.message ?? line}${time}${exception}`, isLoud };
}

/** Prints the components' lines behind their names, each in its colour: warnings and errors, or all if `verbose`. */
export function makeLineSink(verbose: boolean): LineSink {
  return (component, line) => {
    const { text, isLoud } = describe(line);
    if (!verbose && !isLoud) return;
    const colour =
      colours[componentNames.findIndex((name) => name === component) % colours.length] ?? 'white';
    const prefix = styleText(colour, component.padEnd(width));
    console.error(`${prefix} ${isLoud ? styleText('yellow', text) : styleText('dim', text)}`);
  };
}

const variantsOf = ({ image }: Arrival) =>
  (image?.variants ?? [])
    .map(({ name, width: w, height: h, bytes }) => `${name} ${w}×${h} ${formatBytes(bytes)}`)
    .join(', ');

/** The table of what became of the samples. */
export function printArrivals(arrivals: readonly Arrival[]): void {
  printTable(
    ['image', 'id', 'source', 'status', 'variants', 'ms'],
    arrivals.map((one) => [
      one.file,
      one.id,
      one.source,
      one.image?.status ?? 'missing',
      one.image?.failure ? `${one.image.failure.code}: ${one.image.failure.message}` : variantsOf(one),
      one.milliseconds,
    ]),
  );
}
