import type { Command } from 'commander';
import { printTable } from '../../../client/table.ts';
import { ask } from '../../support/connection.ts';
import { hubOf } from '../../support/hubs.ts';
import { printJson } from '../../support/output.ts';
import { changeOptions, whyOf, type ChangeOptions } from '../../support/reader-change.ts';

interface Options extends ChangeOptions {
  readonly to: string;
  readonly partition?: string;
}

/** `beginning`, `end`, an offset, or a time. */
function targetOf(text: string): 'beginning' | 'end' | { offset: number } | { time: string } {
  if (text === 'beginning' || text === 'end') return text;
  if (/^\d+$/.test(text)) return { offset: Number(text) };
  const time = new Date(text);
  if (Number.isNaN(time.getTime()))
    throw new Error('--to takes "beginning", "end", an offset or a time (2026-03-14T12:00:00Z).');
  return { time: time.toISOString() };
}

async function move(name: string, options: Options): Promise<void> {
  const { to, partition, json } = options;
  const where = { hub: hubOf(name), to: targetOf(to), ...(partition !== undefined && { partition }) };
  const body = { ...where, ...whyOf(options) };
  const answer = await ask((api) => api.POST('/operations/readers/move', { body }));
  if (json === true) {
    printJson(answer);
    return;
  }
  printTable(
    ['partition', 'read next', answer.dryRun ? 'would be' : 'is', 'again', 'skipped'],
    answer.moves.map((one) => [one.partition, one.from, one.to, one.again, one.skipped]),
  );
}

export const addReadersMove = (readers: Command): Command =>
  changeOptions(
    readers
      .command('move')
      .description('move the checkpoint of a paused reader, after a look at what is read again or skipped')
      .argument('<hub>')
      .requiredOption('--to <where>', '"beginning", "end", an offset or a time')
      .option('--partition <id>', 'only this one'),
  )
    .addHelpText(
      'after',
      '\nExample:\n  npx darkroom readers move image-stream --to 2026-03-14T12:00:00Z --dry-run',
    )
    .action(move);
