import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream as WebStream } from 'node:stream/web';
import type { Command } from 'commander';
import { ask } from '../../support/connection.ts';
import { filterOf, withFilter, type FilterOptions } from '../../support/dead-letter-filter.ts';

interface Options extends FilterOptions {
  readonly open?: boolean;
  readonly file?: string;
}

async function exportAll(options: Options): Promise<void> {
  const query = { ...filterOf(options), ...(options.open && { open: true }) };
  const body: unknown = await ask((api) =>
    api.GET('/operations/dead-letter-export', { params: { query }, parseAs: 'stream' }),
  );
  // An empty answer has no body.
  const lines = body === undefined ? Readable.from([]) : Readable.fromWeb(body as WebStream);
  if (options.file === undefined) await pipeline(lines, process.stdout, { end: false });
  else await pipeline(lines, createWriteStream(options.file));
}

export const addDeadLettersExport = (deadLetters: Command): Command =>
  withFilter(deadLetters.command('export').description('all of them, a JSON object a line, oldest first'))
    .option('--open', 'only those that need somebody')
    .option('--file <path>', 'write them there')
    .option('--json', 'what it prints is JSON anyway')
    .action(exportAll);
