import { setTimeout as sleep } from 'node:timers/promises';
import { BlobServiceClient } from '@azure/storage-blob';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { recordsFor } from '../../client/image-records.ts';
import type { ImageDetail } from '../../client/api-types.ts';
import { personas } from '../../infra/local/identity/personas.ts';
import type { PartName } from '../../infra/local/supervisor/parts.ts';
import { containers } from '../../shared/platform/blobs/containers.ts';
import { declaredVariants } from '../support/declared-variants.ts';
import { eventually } from '../support/eventually.ts';
import { seeded } from '../support/random.ts';
import { openKafkaClient } from './support/kafka-client.ts';
import { quarters } from './support/pictures.ts';
import { startPatience, startTestStack, type TestStack } from './support/stack.ts';

const minutes = 60_000;

interface Scenario {
  readonly name: string;
  readonly images: number;
  /** The parts that go down in turn, and how. */
  readonly parts: readonly (readonly [PartName, NodeJS.Signals])[];
  /** Each part goes down this often while the images are sent. */
  readonly rounds: number;
}

const scenarios: readonly Scenario[] = [
  {
    name: 'the host and Event Hubs are killed',
    images: 120,
    parts: [
      ['functions', 'SIGKILL'],
      ['event-hubs', 'SIGKILL'],
    ],
    rounds: 4,
  },
  {
    name: 'the database and the blob store are killed',
    images: 60,
    parts: [
      ['database-one', 'SIGKILL'],
      ['azurite', 'SIGKILL'],
    ],
    rounds: 3,
  },
];

let stack: TestStack;
const owner = personas['uploader']!.oid;

const picture = (seed: number) =>
  quarters(160 + (seed % 40), 120, seed)
    .png()
    .toBuffer();

/** As a client does: the same request again until it is acknowledged. */
const untilAcknowledged = <T>(send: () => Promise<T | undefined>) =>
  eventually(send, { within: 5 * minutes, every: 200 });

const sendOverHttp = (bytes: Buffer, seed: number) =>
  untilAcknowledged(async () => {
    const response = await stack.call('uploader', '/images', {
      method: 'POST',
      headers: { 'content-type': 'image/png', 'idempotency-key': `nothing-lost-${seed}` },
      body: Uint8Array.from(bytes),
      signal: AbortSignal.timeout(15_000),
    });
    if (response.status !== 202) return undefined;
    const { images: received } = (await response.json()) as { images: { id: string }[] };
    return received[0]!.id;
  });

async function sendAllOverHttp(seeds: readonly number[]): Promise<string[]> {
  const ids: string[] = [];
  for (const seed of seeds) ids.push(await sendOverHttp(await picture(seed), seed));
  return ids;
}

async function sendAllOverKafka(seeds: readonly number[]): Promise<string[]> {
  const client = await openKafkaClient(stack);
  const ids: string[] = [];
  for (const seed of seeds) {
    const { imageId, records } = recordsFor('binary', {
      owner,
      contentType: 'image/png',
      bytes: await picture(seed),
      eventId: `nothing-lost-${seed}`,
    });
    await untilAcknowledged(() => client.send(records));
    ids.push(imageId!);
  }
  await client.close();
  return ids;
}

/** A signal to one part after the other, each time some seconds after the last one came back. */
async function takeDownAgainAndAgain({ parts, rounds }: Scenario, random: () => number): Promise<number> {
  let count = 0;
  for (let round = 0; round < rounds; round += 1) {
    for (const [part, signal] of parts) {
      await sleep(500 + random() * 2500);
      await stack.kill(part, signal);
      await stack.listening(part);
      count += 1;
    }
  }
  return count;
}

/** Everything that the owner has, over all pages. */
async function listAll(): Promise<ImageDetail[]> {
  const all: ImageDetail[] = [];
  let cursor: string | null = null;
  do {
    const query = new URLSearchParams({ limit: '100', ...(cursor === null ? {} : { cursor }) });
    const response = await stack.call('uploader', `/images?${query.toString()}`);
    const page = (await response.json()) as { images: ImageDetail[]; next: string | null };
    all.push(...page.images);
    cursor = page.next;
  } while (cursor !== null);
  return all;
}

async function blobsOf(container: string): Promise<string[]> {
  const client = BlobServiceClient.fromConnectionString(stack.endpoints.storage).getContainerClient(
    container,
  );
  const names: string[] = [];
  for await (const { name } of client.listBlobsFlat()) names.push(name);
  return names;
}

describe.each(scenarios)('while $name again and again', (scenario) => {
  const { images, parts, rounds } = scenario;

  beforeAll(async () => {
    stack = await startTestStack();
  }, startPatience);

  afterAll(() => stack.stop(), 60_000);

  test(
    'every acknowledged image is processed exactly once',
    async () => {
      const seeds = Array.from({ length: images }, (_, index) => index + 1);
      const trouble = takeDownAgainAndAgain(scenario, seeded(20260101));
      const [http, kafka] = await Promise.all([
        sendAllOverHttp(seeds.filter((seed) => seed % 2 === 0)),
        sendAllOverKafka(seeds.filter((seed) => seed % 2 === 1)),
      ]);
      const acknowledged = [...http, ...kafka];
      expect(new Set(acknowledged).size).toBe(images);
      expect(await trouble).toBe(rounds * parts.length);

      const outcomes = await Promise.all(acknowledged.map((id) => stack.outcome(id, 5 * minutes)));
      const unfinished = outcomes.filter(({ status }) => status !== 'processed');
      expect(unfinished).toEqual([]);

      const rows = await listAll();
      expect(rows.map(({ id }) => id).sort()).toEqual(acknowledged.toSorted());
      const promised = await declaredVariants();
      for (const { variants } of outcomes) expect(variants.map(({ name }) => name).sort()).toEqual(promised);
      expect((await blobsOf(containers.raw)).sort()).toEqual(acknowledged.toSorted());
      const derivatives = await blobsOf(containers.processed);
      const byImage = Map.groupBy(derivatives, (name) => name.split('/')[0]!);
      expect([...byImage.keys()].sort()).toEqual(acknowledged.toSorted());
      for (const [id, names] of byImage) {
        expect({ id, count: names.length }).toEqual({ id, count: promised.length });
      }
    },
    12 * minutes,
  );
});
