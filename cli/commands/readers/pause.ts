import type { Command } from 'commander';
import { ask } from '../../support/connection.ts';
import { hubsOf } from '../../support/hubs.ts';
import { changeOptions, printResults, whyOf, type ChangeOptions } from '../../support/reader-change.ts';

interface Options extends ChangeOptions {
  readonly all?: boolean;
  readonly remindAfter: string;
}

async function pause(names: string[], options: Options): Promise<void> {
  const minutes = Number(options.remindAfter);
  if (!Number.isInteger(minutes)) throw new Error('--remind-after takes a number of minutes.');
  const body = { ...hubsOf(names, options.all), remindAfterMinutes: minutes, ...whyOf(options) };
  printResults(await ask((api) => api.POST('/operations/readers/pause', { body })), options);
}

export const addReadersPause = (readers: Command): Command =>
  changeOptions(
    readers
      .command('pause')
      .description('let the batches of readers wait; nothing is lost, and no deployment is needed')
      .argument('[hubs...]')
      .option('--all', 'every reader')
      .option('--remind-after <minutes>', 'alerts are quiet about it for so long', '60'),
  )
    .addHelpText('after', '\nExample:\n  npx darkroom readers pause image-processing --reason "bad release"')
    .action(pause);
