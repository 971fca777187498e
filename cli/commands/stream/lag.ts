import type { Command } from 'commander';
import type { HubLag, LagHistory } from '../../../client/api-types.ts';
import { formatDuration } from '../../../client/duration.ts';
import { lagSteps, markText, trendText } from '../../../client/lag.ts';
import { printTable } from '../../../client/table.ts';
import { ask } from '../../support/connection.ts';
import { hubOf } from '../../support/hubs.ts';
import { printJson } from '../../support/output.ts';

interface Options {
  readonly history?: boolean;
  readonly hours: string;
  readonly every: string;
  readonly json?: boolean;
}

/** Enough for where it is heading. */
const trendMinutes = 15;

const seconds = (value: number | null): string => (value === null ? '' : formatDuration(value * 1000));
const rate = (value: number | null): string => (value === null ? '' : value.toFixed(2));

function printNow({ hubs }: LagHistory): void {
  printTable(
    ['hub', 'waiting', 'oldest', 'in/s', 'out/s', 'a minute', 'empty in', 'trend'],
    hubs.map(({ hub, points, trend }) => {
      const last = points.at(-1);
      return [
        ...[hub, last?.events, seconds(last?.seconds ?? null), rate(trend.inPerSecond)],
        ...[rate(trend.outPerSecond), trend.eventsPerMinute, seconds(trend.drainSeconds), trend.state],
      ];
    }),
  );
}

function printHistory({ hub, points, trend }: HubLag, { from, asOf }: LagHistory, minutes: number): void {
  console.log(`${hub}: ${trendText(trend)}`);
  const steps = lagSteps(points, new Date(from), new Date(asOf), minutes);
  printTable(
    ['from', 'waiting', 'oldest', 'in/s', 'out/s'],
    steps.map((step) =>
      step.points === 0
        ? [step.from.toISOString(), 'not measured']
        : [
            ...[step.from.toISOString(), String(step.events ?? ''), seconds(step.seconds)],
            ...[rate(step.inPerSecond), rate(step.outPerSecond)],
          ],
    ),
  );
}

function whole(name: string, text: string, max: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > max)
    throw new Error(`--${name} is a whole number from 1 to ${max}.`);
  return value;
}

async function lag(hub: string | undefined, options: Options): Promise<void> {
  const isHistory = options.history === true;
  const [hours, every] = [whole('hours', options.hours, 24), whole('every', options.every, 720)];
  const query = {
    ...(hub !== undefined && { hub: hubOf(hub) }),
    minutes: isHistory ? hours * 60 : trendMinutes,
  };
  const answer = await ask((api) => api.GET('/operations/lag', { params: { query } }));
  if (options.json === true) {
    printJson(answer);
    return;
  }
  if (!isHistory) {
    printNow(answer);
    return;
  }
  for (const one of answer.hubs) printHistory(one, answer, every);
  printTable(
    ['at', 'hub', 'what was done'],
    answer.marks.map((mark) => [mark.at, mark.hub, markText(mark)]),
  );
  if (!answer.isComplete) console.log('What was done to the readers could not be read.');
}

export const addStreamLag = (stream: Command): Command =>
  stream
    .command('lag')
    .description('how far behind each reader is, where that is heading, and when nothing waits any more')
    .argument('[hub]', 'this one only')
    .option('--history', 'what was measured over the last hours, and what was done meanwhile')
    .option('--hours <count>', 'with --history: so many, at most 24', '24')
    .option('--every <minutes>', 'with --history: a line for so many minutes', '15')
    .option('--json', 'print JSON; with --history a point a minute')
    .action(lag);
