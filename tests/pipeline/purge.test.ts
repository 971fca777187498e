import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { recordsFor } from '../../client/image-records.ts';
import { personas } from '../../infra/local/identity/personas.ts';
import { day } from '../../shared/platform/clock.ts';
import { imageDigest } from '../../shared/platform/image-id.ts';
import { hubs } from '../../shared/stream/hubs.ts';
import { eventually } from '../support/eventually.ts';
import { darkroom } from './support/cli.ts';
import { openKafkaClient } from './support/kafka-client.ts';
import { quarters } from './support/pictures.ts';
import { startPatience, startTestStack, type TestStack } from './support/stack.ts';
import { asSuperuser, everyBlob, filesWith, tablesWith } from './support/stores.ts';

const minute = 60_000;
const owner = personas['uploader']!.oid;

let stack: TestStack;
let kafka: Awaited<ReturnType<typeof openKafkaClient>>;
/** One image in each state that an image can be in when its time is up. */
let images: Readonly<Record<'http' | 'kafka' | 'rejected' | 'failed' | 'incomplete', string>>;

async function overHttp(bytes: Buffer): Promise<string> {
  const response = await stack.call('uploader', '/images', {
    method: 'POST',
    headers: { 'content-type': 'image/png' },
    body: Uint8Array.from(bytes),
  });
  expect(response.status).toBe(202);
  const answer = (await response.json()) as { images: { id: string }[] };
  return answer.images[0]!.id;
}

async function overKafka(form: 'binary' | 'chunked', bytes: Buffer, change = {}): Promise<string> {
  const { imageId, records } = recordsFor(form, { owner, contentType: 'image/png', bytes });
  const changed = records.map((record) => ({ ...record, headers: { ...record.headers, ...change } }));
  await kafka.send(changed);
  return imageId!;
}

const png = (seed: number) => quarters(400, 300, seed).png().toBuffer();

beforeAll(async () => {
  stack = await startTestStack();
  kafka = await openKafkaClient(stack);
  images = {
    http: await overHttp(await png(1)),
    kafka: await overKafka('binary', await png(2)),
    rejected: await overKafka('binary', Buffer.from('no image at all')),
    // All its chunks are there, but not the bytes that were announced.
    failed: await overKafka('chunked', await png(3), { sha256: '0'.repeat(64) }),
    incomplete: await overKafka('chunked', await png(4), { 'chunk-count': '2' }),
  };
  const states = { http: 'processed', kafka: 'processed', rejected: 'rejected', failed: 'failed' } as const;
  for (const [name, status] of Object.entries(states)) {
    const image = await stack.outcome(images[name as keyof typeof states]);
    expect({ name, status: image.status }).toEqual({ name, status });
  }
  await eventually(async () =>
    (await everyBlob(stack)).some((blob) => blob.includes(`raw/${images.incomplete}`)) ? true : undefined,
  );
  stack.moveClock(20 * minute);
  await stack.runTimer('streamTimer');
  expect((await stack.outcome(images.incomplete)).failure?.code).toBe('chunks-incomplete');
}, startPatience);

afterAll(async () => {
  await kafka.close();
  await stack.stop();
}, 180_000);

interface PurgeAnswer {
  readonly purge: { readonly due: number; readonly erased: number; readonly failed: number };
}

async function purge(flag: '--dry-run' | '--now'): Promise<PurgeAnswer> {
  const { code, stdout, stderr } = await darkroom(stack, 'purge', flag, '--json');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout) as PurgeAnswer;
}

/** The purge's own timer runs every five minutes by the system's clock: it must not come between a dry run and the real one. */
async function awayFromTimer(): Promise<void> {
  const untilTimer = 5 * minute - (Date.now() % (5 * minute));
  if (untilTimer < minute) await wait(untilTimer + 5_000);
}

const verify = async () => {
  const { code, stdout } = await darkroom(stack, 'ledger', 'verify', '--json');
  return { code, ...(JSON.parse(stdout) as object) };
};

/** What the senders were told, of the erasure too, stays for a day (docs/privacy.md). */
const isOutcome = (file: string): boolean => file.includes(`/hubs/${hubs.outcomes}/`);

const inHubs = (text: string): Promise<string[]> => filesWith(`${stack.stateDir}/event-hubs`, text);

/** Where anything of an image is found: in the blob account, in every table of the database, in the logs of other hubs. */
async function tracesOf(text: string): Promise<string[]> {
  const blobs = (await everyBlob(stack)).filter((blob) => blob.toLowerCase().includes(text));
  return [
    ...blobs,
    ...(await tablesWith(stack, text)),
    ...(await inHubs(text)).filter((file) => !isOutcome(file)),
  ];
}

describe('seven days and a minute after images came', () => {
  test('before that, nothing is due', async () => {
    stack.moveClock(7 * day - 10 * minute);
    expect((await purge('--dry-run')).purge.due).toBe(0);
    expect((await stack.call('uploader', `/images/${images.http}`)).status).toBe(200);
  });

  test('a dry run counts what is due and erases nothing', async () => {
    await awayFromTimer();
    stack.moveClock(7 * day + minute);
    const { purge: planned } = await purge('--dry-run');
    expect(planned.due).toBe(5);
    expect(await tracesOf(images.http)).not.toEqual([]);
  });

  test('the purge leaves nothing of any of them, in no store and in no table', async () => {
    expect((await purge('--now')).purge).toMatchObject({ erased: 5, failed: 0 });
    // Its index of dead letters forgets those whose own time in the hub is up.
    await stack.runTimer('sweep');
    const traces = await eventually(
      async () => {
        const found = (await Promise.all([...Object.values(images), owner].map(tracesOf))).flat();
        if (found.length > 0) throw new Error(`Left: ${found.join('; ')}`);
        return found;
      },
      { within: 60_000, every: 500 },
    );
    expect(traces).toEqual([]);
    for (const id of Object.values(images)) {
      expect((await stack.call('engineering', `/images/${id}`)).status).toBe(410);
    }
  }, 180_000);

  test('the ledger has each as received and as erased, without its id, and is whole', async () => {
    const digests = await asSuperuser(stack, async (client) => {
      const { rows } = await client.query<{ image_digest: string }>(
        "SELECT image_digest FROM imaging.ledger WHERE kind <> 'received'",
      );
      return rows.map(({ image_digest }) => image_digest);
    });
    expect(digests.toSorted()).toEqual(Object.values(images).map(imageDigest).sort());
    expect(await verify()).toMatchObject({ code: 0, valid: true, entries: 10, faults: [] });
  });

  test('an image that is sent again under an erased id stays erased', async () => {
    const { records } = recordsFor('binary', { owner, contentType: 'image/png', bytes: await png(9) });
    const eventId = randomUUID();
    const first = recordsFor('binary', { owner, contentType: 'image/png', bytes: await png(8), eventId });
    await kafka.send([...first.records]);
    expect((await stack.outcome(first.imageId!)).status).toBe('processed');
    expect((await stack.call('engineering', `/images/${first.imageId}`, { method: 'DELETE' })).status).toBe(
      200,
    );
    await kafka.send([...first.records, ...records]);
    // The next one of the same key is behind it in the same partition.
    const next = await eventually(async () => {
      const response = await stack.call('engineering', '/images?limit=10');
      const { images: listed } = (await response.json()) as { images: { id: string; status: string }[] };
      return listed.find(({ status }) => status === 'processed');
    });
    expect(next.id).not.toBe(first.imageId);
    expect((await everyBlob(stack)).filter((blob) => blob.includes(first.imageId!))).toEqual([]);
  });

  test('a day after the senders were told, no hub tells of them any more', async () => {
    // What is told after the clock was moved has a day of its own.
    await stack.runTimer('streamTimer');
    await eventually(async () => {
      const { rowCount } = await asSuperuser(stack, (client) => client.query('SELECT FROM imaging.outcomes'));
      return rowCount === 0 ? true : undefined;
    });
    expect((await inHubs(images.kafka)).filter(isOutcome)).not.toEqual([]);
    stack.moveClock(8 * day + 60 * minute);
    await eventually(
      async () => {
        const found = (await Promise.all([...Object.values(images), owner].map(inHubs))).flat();
        if (found.length > 0) throw new Error(`Left: ${found.join('; ')}`);
        return true;
      },
      { within: 60_000, every: 500 },
    );
  }, 90_000);
});

describe('a ledger of which one byte was changed', () => {
  test('is found out', async () => {
    await asSuperuser(stack, async (client) => {
      await client.query("SET session_replication_role = 'replica'");
      await client.query(
        `UPDATE imaging.ledger SET bytes = bytes + 1
         WHERE entry = (SELECT entry FROM imaging.ledger WHERE kind <> 'received' ORDER BY entry LIMIT 1)`,
      );
    });
    const { code, faults } = (await verify()) as { code: number; faults: { code: string }[] };
    expect(code).toBe(1);
    expect(faults.map((fault) => fault.code)).toEqual(expect.arrayContaining(['unsigned', 'another-root']));
  });
});
