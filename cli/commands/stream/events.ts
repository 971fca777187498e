import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import type { BrowsedEvent, BrowsedEvents, paths } from '../../../client/api-types.ts';
import { printTable } from '../../../client/table.ts';
import { ask } from '../../support/connection.ts';
import { printJson } from '../../support/output.ts';

type Query = NonNullable<paths['/operations/events']['get']['parameters']['query']>;

interface Options {
  readonly from: string;
  readonly partition?: string;
  readonly limit: string;
  readonly key?: string;
  readonly owner?: string;
  readonly header?: string;
  readonly type?: string;
  readonly ceId?: string;
  readonly image?: string;
  readonly minBytes?: string;
  readonly maxBytes?: string;
  readonly follow?: boolean;
  readonly json?: boolean;
}

const followEveryMs = 2_000;

/** `start`, `end`, `offset:N`, `sequence:N`, or a time. */
function startOf(from: string): Query {
  const [, kind, value = ''] = /^(offset|sequence):(\d+)$/.exec(from) ?? [];
  if (kind === 'offset') return { offset: value };
  if (kind === 'sequence') return { sequenceNumber: Number(value) };
  if (from === 'start' || from === 'end') return { from };
  const time = new Date(from);
  if (Number.isNaN(time.getTime())) throw new Error('--from is start, end, offset:N, sequence:N or a time.');
  return { time: time.toISOString() };
}

const filterOf = ({
  partition,
  key,
  owner,
  header,
  type,
  ceId,
  image,
  minBytes,
  maxBytes,
}: Options): Query => ({
  ...(partition !== undefined && { partition }),
  ...(key !== undefined && { key }),
  ...(owner !== undefined && { owner }),
  ...(header !== undefined && { header }),
  ...(type !== undefined && { type }),
  ...(ceId !== undefined && { ceId }),
  ...(image !== undefined && { imageId: image }),
  ...(minBytes !== undefined && { minBytes: Number(minBytes) }),
  ...(maxBytes !== undefined && { maxBytes: Number(maxBytes) }),
});

const rowOf = ({ partition, offset, sequenceNumber, enqueuedAt, bytes, content }: BrowsedEvent): string[] => [
  ...[partition, offset, String(sequenceNumber), enqueuedAt, String(bytes)],
  ...(content === null
    ? ['erased', '', '', '']
    : [content.form, content.key ?? '', content.imageId ?? '', content.problem ?? '']),
];

const columns = ['partition', 'offset', 'sequence', 'enqueued', 'bytes', 'form', 'key', 'image', 'problem'];

function print(page: BrowsedEvents, { follow = false, json = false }: Options): void {
  if (json && follow) for (const event of page.events) process.stdout.write(`${JSON.stringify(event)}\n`);
  else if (json) printJson(page);
  else if (page.events.length > 0) printTable(columns, page.events.map(rowOf));
}

async function events(hub: string, options: Options): Promise<void> {
  const base = { ...filterOf(options), hub: hub as NonNullable<Query['hub']>, limit: Number(options.limit) };
  let query: Query = { ...base, ...startOf(options.from) };
  for (;;) {
    const page = await ask((api) => api.GET('/operations/events', { params: { query } }));
    print(page, options);
    if (options.follow !== true) {
      if (!options.json)
        console.log(`${page.scanned} events looked at${page.atEnd ? '' : '; there are more'}.`);
      return;
    }
    query = { ...base, cursor: page.next };
    if (page.atEnd) await sleep(followEveryMs);
  }
}

export const addStreamEvents = (stream: Command): Command =>
  stream
    .command('events')
    .description('look into a hub; nothing is taken away')
    .argument('[hub]', 'which', 'image-stream')
    .option('--partition <id>', 'one of them only')
    .option('--from <place>', 'start, end, offset:N, sequence:N or a time', 'end')
    .option('--limit <count>', 'at most so many at once', '50')
    .option('--key <key>', 'of this key')
    .option('--owner <owner>', 'of this owner')
    .option('--header <name>', 'with this header, or NAME=VALUE')
    .option('--type <type>', 'of this CloudEvents type')
    .option('--ce-id <id>', 'of this CloudEvents id')
    .option('--image <id>', 'of this image')
    .option('--min-bytes <count>', 'not smaller')
    .option('--max-bytes <count>', 'not larger')
    .option('--follow', 'go on with what comes')
    .option('--json', 'print JSON: one document, or with --follow one a line')
    .action(events);
