import type { Command } from 'commander';
import { ask } from '../support/connection.ts';
import { printJson } from '../support/output.ts';
import { printResults, whyOf, type ChangeOptions } from '../support/reader-change.ts';

interface Options extends ChangeOptions {
  readonly all?: boolean;
  readonly unprocessed?: boolean;
  readonly stop?: boolean;
  readonly processor?: string;
}

async function stop(options: Options): Promise<void> {
  const body = whyOf(options);
  printResults(await ask((api) => api.POST('/operations/reprocess/stop', { body })), options);
}

async function reprocess(ids: string[], options: Options): Promise<void> {
  if (options.stop === true) return stop(options);
  const { all, unprocessed, processor } = options;
  if (ids.length === 0 && all !== true && unprocessed !== true && processor === undefined) {
    throw new Error('Name the images, a --processor, or say --unprocessed or --all.');
  }
  const body = {
    ...(all === true ? { all } : ids.length > 0 && { ids }),
    ...(unprocessed === true && { unprocessed }),
    ...(processor !== undefined && { processor }),
    dryRun: options.dryRun === true,
    ...(options.reason !== undefined && { reason: options.reason }),
  };
  const answer = await ask((api) => api.POST('/operations/reprocess', { body }));
  if (options.json === true) {
    printJson(answer);
    return;
  }
  console.log(`${answer.images} images ${answer.dryRun ? 'would be' : 'are being'} processed again.`);
  if (answer.stopped) console.log('Somebody stopped the re-run before all were sent.');
  if (answer.images === 0 && processor !== undefined) {
    console.log(`No image has another version of ${processor}; a new processor takes --all.`);
  }
}

export const addReprocess = (program: Command): Command =>
  program
    .command('reprocess')
    .description('run the processors of today over images that are still there')
    .argument('[ids...]')
    .option('--all', 'every image')
    .option(
      '--unprocessed',
      'only images that are not processed and have no dead letter: a hub lost their event',
    )
    .option('--processor <name>', 'only images that another version of this processor worked on')
    .option('--stop', 'leave the images of re-runs that have not begun as they are')
    .option('--dry-run', 'only count them')
    .option('--reason <text>', 'why, kept with who')
    .option('--json', 'print JSON')
    .action(reprocess);
