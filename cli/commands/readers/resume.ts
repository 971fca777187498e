import type { Command } from 'commander';
import { ask } from '../../support/connection.ts';
import { hubsOf } from '../../support/hubs.ts';
import { changeOptions, printResults, whyOf, type ChangeOptions } from '../../support/reader-change.ts';

interface Options extends ChangeOptions {
  readonly all?: boolean;
}

async function resume(names: string[], options: Options): Promise<void> {
  const body = { ...hubsOf(names, options.all), ...whyOf(options) };
  printResults(await ask((api) => api.POST('/operations/readers/resume', { body })), options);
}

export const addReadersResume = (readers: Command): Command =>
  changeOptions(
    readers
      .command('resume')
      .description('let paused readers go on where they were')
      .argument('[hubs...]')
      .option('--all', 'every reader'),
  ).action(resume);
