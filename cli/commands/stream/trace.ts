import type { Command } from 'commander';
import type { paths, TracedImage } from '../../../client/api-types.ts';
import { printTable } from '../../../client/table.ts';
import { ask } from '../../support/connection.ts';
import { printJson } from '../../support/output.ts';

type Query = NonNullable<paths['/operations/trace']['get']['parameters']['query']>;

interface Options {
  readonly record?: string;
  readonly ceId?: string;
  readonly ceSource?: string;
  readonly key?: string;
  readonly image?: string;
  readonly json?: boolean;
}

function queryOf({ record, ceId, ceSource, key, image }: Options): Query {
  const [, hub, partition, kind, number = ''] =
    /^([a-z-]+)\/(\d+)\/(offset:)?(\d+)$/.exec(record ?? '') ?? [];
  if (record !== undefined && partition === undefined)
    throw new Error('--record is HUB/PARTITION/NUMBER, or HUB/PARTITION/offset:NUMBER.');
  const place = kind === undefined ? { sequenceNumber: Number(number) } : { offset: number };
  return {
    ...(partition !== undefined && { hub: hub as NonNullable<Query['hub']>, partition, ...place }),
    ...(ceId !== undefined && { ceId }),
    ...(ceSource !== undefined && { ceSource }),
    ...(key !== undefined && { key }),
    ...(image !== undefined && { imageId: image }),
  };
}

async function printTimeline({ imageId, image }: TracedImage): Promise<void> {
  if (image === null) return;
  const { timeline } = await ask((api) => api.GET('/images/{id}', { params: { path: { id: imageId } } }));
  printTable(
    ['at', 'event', 'detail'],
    timeline.map(({ at, event, detail }) => [at, event, detail ?? '']),
  );
}

async function trace(options: Options): Promise<void> {
  const answer = await ask((api) => api.GET('/operations/trace', { params: { query: queryOf(options) } }));
  if (options.json === true) {
    printJson(answer);
    return;
  }
  for (const traced of answer.images) {
    const { imageId, erased, image, records, deadLetters } = traced;
    console.log(`${imageId}: ${erased ? 'erased' : (image?.status ?? 'not known yet')}`);
    for (const { hub, partition, sequenceNumber, offset, enqueuedAt } of records)
      console.log(`  ${hub}/${partition}/${sequenceNumber} (offset:${offset}), ${enqueuedAt}`);
    if (deadLetters.length > 0) console.log(`  dead letters: ${deadLetters.join(', ')}`);
    await printTimeline(traced);
  }
  if (answer.images.length === 0)
    console.log(answer.erased ? 'Its image was erased.' : 'It leads to no image.');
  if (!answer.complete) console.log('Not all was looked at, or the record has expired.');
}

export const addStreamTrace = (stream: Command): Command =>
  stream
    .command('trace')
    .description('from a record to the image that became of it, with its timeline, and back')
    .option(
      '--record <place>',
      'HUB/PARTITION/NUMBER as Kafka counts (image-stream/2/1041), or HUB/PARTITION/offset:NUMBER as Event Hubs does',
    )
    .option('--ce-id <id>', 'the id of its CloudEvent')
    .option('--ce-source <source>', 'with --ce-id; without it the hub is searched')
    .option('--key <key>', 'the key of its record: the owner')
    .option('--image <id>', 'the image: answers its records')
    .option('--json', 'print JSON')
    .action(trace);
