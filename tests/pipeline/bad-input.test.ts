import { randomUUID } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { recordsFor } from '../../client/image-records.ts';
import type { ImageDetail } from '../../client/api-types.ts';
import { isSettled } from '../../client/image.ts';
import { personas } from '../../infra/local/identity/personas.ts';
import { hubs } from '../../shared/stream/hubs.ts';
import type { IncomingRecord } from '../../shared/stream/record.ts';
import { eventually } from '../support/eventually.ts';
import { bombs, headerLies, impostors, truncations, type Hostile } from '../support/hostile-images.ts';
import { readHub } from '../support/hub-reader.ts';
import { peakMegabytes } from '../support/process-memory.ts';
import { darkroom } from './support/cli.ts';
import { openKafkaClient } from './support/kafka-client.ts';
import { quarters } from './support/pictures.ts';
import { startPatience, startTestStack, type TestStack } from './support/stack.ts';

const maxPixels = 5_000_000;
const minutes = 60_000;
/** What a host that decoded one of the bombs would pass by far; its own code and one worker stay below. MB. */
const memoryCeiling = 1100;

let stack: TestStack;
let kafka: Awaited<ReturnType<typeof openKafkaClient>>;
let deadLetters: ReturnType<typeof readHub>;
const owner = personas['uploader']!.oid;

beforeAll(async () => {
  stack = await startTestStack({
    services: ['upload', 'stream', 'processing', 'read', 'purge'],
    settings: {
      DARKROOM_MAX_PIXELS: String(maxPixels),
      DARKROOM_PROCESSING_WORKERS: '1',
      DARKROOM_PROCESSING_MEMORY_MB: '256',
      DARKROOM_PROCESSING_TIMEOUT_MS: '20000',
    },
  });
  kafka = await openKafkaClient(stack);
  deadLetters = readHub(stack.endpoints.hubs, hubs.deadLetter);
}, startPatience);

afterAll(async () => {
  await deadLetters.close();
  await kafka.close();
  await stack.stop();
}, 180_000);

interface Answer {
  readonly status: number;
  readonly id?: string;
  readonly code?: string;
}

async function upload(bytes: Buffer, type = 'image/jpeg'): Promise<Answer> {
  const response = await stack.call('uploader', '/images', {
    method: 'POST',
    headers: { 'content-type': type },
    body: Uint8Array.from(bytes),
  });
  const answer = (await response.json()) as { images?: { id: string }[]; code?: string };
  return { status: response.status, id: answer.images?.[0]?.id, code: answer.code } as Answer;
}

const good = async (seed: number) => quarters(200, 150, seed).png().toBuffer();

const endOf = ({ status, failure }: ImageDetail) =>
  status === 'processed' ? 'ok' : (failure?.code ?? status);

/** What became of each, by name: the code of its refusal or failure, or `ok`. */
async function endsOverHttp(files: readonly Hostile[]): Promise<Record<string, string>> {
  const ends: Record<string, string> = {};
  for (const { name, bytes } of files) {
    const { status, id, code } = await upload(bytes);
    ends[name] = status === 202 ? endOf(await stack.outcome(id!, 2 * minutes)) : code!;
  }
  return ends;
}

const unexpected = (files: readonly Hostile[], ends: Readonly<Record<string, string>>) =>
  files
    .filter(({ name, expected }) => expected && !expected.includes(ends[name]!))
    .map(({ name, expected }) => ({ name, expected, became: ends[name] }));

const headerOf = (record: IncomingRecord, name: string) => {
  const value = record.headers[name];
  return value === undefined ? undefined : Buffer.from(value as Uint8Array).toString('utf8');
};

type Place = Awaited<ReturnType<typeof kafka.send>>[number];

/** What Kafka calls an offset is the event's sequence number. */
const isOf =
  ({ partition, offset }: Place) =>
  (one: IncomingRecord): boolean =>
    headerOf(one, '__darkroom.errors.partition') === String(partition) &&
    headerOf(one, '__darkroom.errors.sequenceNumber') === offset;

const deadLetterOf = async (place: Place) => (await deadLetters.until(1, isOf(place)))[0]!;

describe('over HTTP', () => {
  test(
    'every hostile file has a clear end, good ones around it go through, and the host’s memory stays flat',
    async () => {
      const before = stack.pid('functions');
      const groups = [
        impostors().filter(({ bytes }) => bytes.length > 0),
        await headerLies(),
        (await truncations(['jpeg', 'png', 'gif'])).slice(0, 12),
        await bombs(maxPixels),
      ];
      for (const [index, files] of groups.entries()) {
        const ends = await endsOverHttp(files);
        expect(unexpected(files, ends)).toEqual([]);
        const between = await upload(await good(index), 'image/png');
        expect((await stack.outcome(between.id!, 2 * minutes)).status).toBe('processed');
      }
      expect(stack.pid('functions')).toBe(before);
      expect(peakMegabytes(stack.pid('functions')!)).toBeLessThan(memoryCeiling);
    },
    10 * minutes,
  );

  test('an empty body is refused with 400, text that is named .jpg with 415', async () => {
    expect(await upload(Buffer.alloc(0))).toMatchObject({ status: 400, code: 'empty-body' });
    expect(await upload(Buffer.from('just text, whatever its name'))).toMatchObject({
      status: 415,
      code: 'unsupported-type',
    });
  });

  test('a body over the limit is refused with 413 while it streams, and leaves no image', async () => {
    const start = await good(99);
    const answer = await upload(Buffer.concat([start, Buffer.alloc(91 * 1024 * 1024)]), 'image/png');
    expect(answer).toMatchObject({ status: 413, code: 'too-large' });
  });
});

describe('over Kafka', () => {
  test.each([
    [
      'JSON that is not a CloudEvent',
      Buffer.from('{"hello":"world"}'),
      { 'content-type': 'application/json' },
    ],
    [
      'a CloudEvent without data',
      Buffer.from('{"specversion":"1.0","id":"1","source":"/t","type":"darkroom.image.received"}'),
      { 'content-type': 'application/cloudevents+json' },
    ],
    [
      'a CloudEvent of another type',
      Buffer.from('x'),
      { ce_specversion: '1.0', ce_id: '1', ce_source: '/t', ce_type: 'something.else' },
    ],
    ['a JSON array', Buffer.from('[1]'), {}],
    ['a CloudEvent in Avro', Buffer.from('x'), { 'content-type': 'application/cloudevents+avro' }],
    ['nothing', Buffer.alloc(0), {}],
    [
      'a chunk whose number is none',
      Buffer.from('x'),
      { 'chunk-id': 'c', 'chunk-index': 'many', 'chunk-count': '2', sha256: 'a'.repeat(64) },
    ],
  ] as [string, Buffer, Record<string, string>][])(
    '%s becomes a dead letter with its reason, and nothing of the record, which is failed at its address',
    async (_name, value, headers) => {
      const [place] = await kafka.send([{ key: owner, value, headers }]);
      const letter = await deadLetterOf(place!);
      expect(headerOf(letter, '__darkroom.errors.code')).toMatch(/^(message-|empty-body)/);
      expect(headerOf(letter, '__darkroom.errors.message')).not.toBe('');
      expect([letter.key, letter.value.byteLength]).toEqual([undefined, 0]);
      expect(JSON.stringify(letter.headers)).not.toContain(owner);
      const imageId = headerOf(letter, '__darkroom.errors.imageId')!;
      expect(await stack.outcome(imageId)).toMatchObject({ status: 'failed' });
    },
  );

  test('a value that is no image is rejected, and a good one behind it goes through', async () => {
    const [bad, fine] = [Buffer.from('not an image at all'), await good(7)].map((bytes) =>
      recordsFor('binary', { owner, contentType: 'image/jpeg', bytes }),
    );
    await kafka.send([...bad!.records, ...fine!.records]);
    expect(await stack.outcome(bad!.imageId!)).toMatchObject({
      status: 'rejected',
      failure: { code: 'unsupported-type' },
    });
    expect((await stack.outcome(fine!.imageId!)).status).toBe('processed');
  });

  test('headers of absurd size harm nobody', async () => {
    const key = randomUUID();
    const { imageId, records } = recordsFor('binary', {
      owner: key,
      contentType: 'image/png',
      bytes: await good(8),
    });
    const absurd = Object.fromEntries(
      Array.from({ length: 300 }, (_, index) => [`x-${index}`, 'y'.repeat(2000)]),
    );
    const [place] = await kafka.send(
      records.map((record) => ({ ...record, headers: { ...absurd, ...record.headers } })),
    );
    const end = await eventually(
      async () => {
        const letter = deadLetters.records.find(isOf(place!));
        if (letter) return headerOf(letter, '__darkroom.errors.code');
        const response = await stack.call('engineering', `/images/${imageId!}`);
        const image = (await response.json()) as ImageDetail;
        return response.ok && isSettled(image) ? endOf(image) : undefined;
      },
      { within: minutes },
    );
    expect(['ok', 'message-malformed', 'too-large']).toContain(end);
    const next = recordsFor('binary', { owner, contentType: 'image/png', bytes: await good(9) });
    await kafka.send(next.records);
    expect((await stack.outcome(next.imageId!)).status).toBe('processed');
  });

  test('a chunk set that never completes fails with a dead letter when its time is up', async () => {
    const bytes = await good(10);
    const chunkId = randomUUID();
    const { imageId, records } = recordsFor('chunked', {
      owner,
      contentType: 'image/png',
      bytes,
      eventId: chunkId,
    });
    const incomplete = { ...records[0]!, headers: { ...records[0]!.headers, 'chunk-count': '2' } };
    await kafka.send([incomplete]);
    const marker = recordsFor('binary', { owner, contentType: 'image/png', bytes: await good(11) });
    await kafka.send(marker.records);
    await stack.outcome(marker.imageId!);
    stack.moveClock(20 * minutes);
    const image = await eventually(
      async () => {
        await stack.runTimer('streamTimer');
        const response = await stack.call('engineering', `/images/${imageId!}`);
        const found = (await response.json()) as ImageDetail;
        return found.status === 'failed' ? found : undefined;
      },
      { within: 60_000, every: 500 },
    );
    expect(image.failure).toMatchObject({ code: 'chunks-incomplete' });
    const [letter] = await deadLetters.until(
      1,
      (one) => headerOf(one, '__darkroom.errors.code') === 'chunks-incomplete',
    );
    expect(headerOf(letter!, '__darkroom.errors.imageId')).toBe(imageId);
  });
});

test('the command line goes on after a file that is refused, and names each that was not sent', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'darkroom-cli-'));
  const [bad, first, last] = ['a-text.jpg', 'b.png', 'c.png'].map((name) => join(directory, name));
  writeFileSync(bad!, 'no image at all');
  writeFileSync(first!, await good(401));
  writeFileSync(last!, await good(402));
  const gone = join(directory, 'gone.jpg');
  const { code, stdout } = await darkroom(stack, 'upload', '--wait', '--json', gone, directory);
  const { images } = JSON.parse(stdout) as {
    images: { file: string; status: string; error?: { code: string } }[];
  };
  expect(images.map(({ file, status, error }) => [file, status, error?.code])).toEqual([
    [gone, 'not sent', 'no-image'],
    [bad, 'not sent', 'unsupported-type'],
    [first, 'processed', undefined],
    [last, 'processed', undefined],
  ]);
  expect(code).toBe(1);
  // A pattern that no shell filled in, and the table that a person reads.
  const pattern = await darkroom(stack, 'upload', '--wait', join(directory, '*.png'), bad!);
  const rows = pattern.stdout.split('\n').filter((line) => line.includes(directory));
  expect(rows.map((line) => [line.split(/\s+/)[0], /processed|not sent/.exec(line)?.[0]])).toEqual([
    [first, 'processed'],
    [last, 'processed'],
    [bad, 'not sent'],
  ]);
  expect(rows[2]).toContain('(unsupported-type)');
  expect(pattern.code).toBe(1);
}, 120_000);
