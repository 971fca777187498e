import type { Command } from 'commander';
import { hubs } from '../../../shared/stream/hubs.ts';
import { ask } from '../../support/connection.ts';
import { hubOf } from '../../support/hubs.ts';
import { changeOptions, printResults, whyOf, type ChangeOptions } from '../../support/reader-change.ts';

interface Options extends ChangeOptions {
  readonly deadLetters?: string;
  readonly minutes: string;
  readonly off?: boolean;
}

async function limit(name: string, options: Options): Promise<void> {
  const hub = hubOf(name);
  if (hub === hubs.deadLetter) throw new Error('The reader of dead letters makes none.');
  if ((options.deadLetters === undefined) !== (options.off === true))
    throw new Error('Say --dead-letters N, or --off.');
  const deadLetters = options.off === true ? null : Number(options.deadLetters);
  const body = { hub, deadLetters, minutes: Number(options.minutes), ...whyOf(options) };
  printResults(await ask((api) => api.POST('/operations/readers/limit', { body })), options);
}

export const addReadersLimit = (readers: Command): Command =>
  changeOptions(
    readers
      .command('limit')
      .description('set how many dead letters of one code pause the reader of a hub by themselves')
      .argument('<hub>')
      .option('--dead-letters <n>', 'more than this')
      .option('--minutes <n>', 'within this time', '10')
      .option('--off', 'dead letters never pause it'),
  ).action(limit);
