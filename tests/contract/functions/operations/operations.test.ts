import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { hour } from '../../../../shared/platform/clock.ts';
import { hubs, readHubs } from '../../../../shared/stream/hubs.ts';
import { registeredRoutes } from '../../../../functions/register-route.ts';
import { composition } from '../../../../functions/composition.ts';
import type { IncomingRecord } from '../../../../shared/stream/record.ts';
import { silentLog } from '../../../support/silent-log.ts';
import { eventually } from '../../../support/eventually.ts';
import { imageMaker } from '../../../support/images.ts';
import { sampleImage } from '../../../support/sample-images.ts';
import { startOperations } from './support.ts';
import '../../../../functions/operations/index.ts';
import '../../../../functions/host/index.ts';
import '../../../../functions/purge/index.ts';

let stack: Awaited<ReturnType<typeof startOperations>>;
beforeAll(async () => {
  stack = await startOperations();
}, 180_000);
afterAll(() => stack.stop());

type Row = Record<string, unknown>;
const list = async (path: string, field: string): Promise<Row[]> =>
  (await stack.ask('GET', path)).body[field] as Row[];
/** The dead letter that passes, once it is indexed. */
const letter = (passes: (row: Row) => boolean): Promise<Row> =>
  eventually(async () => (await list('/dead-letters?limit=200', 'deadLetters')).find(passes));
const replay = async (json: Row) => {
  const { status, body } = await stack.ask('POST', '/dead-letters/replay', json);
  expect(status).toBe(200);
  return body['results'] as { id: string; outcome: string; detail: string }[];
};

/** Sends a record into image-stream and runs the stream service on what came out of it. */
async function through(record: { key?: string; value: Uint8Array; headers?: Record<string, string> }) {
  const before = stack.pipeline.stream.records.length;
  await stack.pipeline.events.send(hubs.stream, record);
  const records = await stack.pipeline.stream.until(before + 1);
  const received: IncomingRecord = records.at(-1)!;
  await stack.pipeline.streamService()([received]);
  return received;
}

/** A dead letter of a record that nothing is wrong with but that a bug, gone since, killed. */
async function dieOfABug(record: IncomingRecord, imageId: string | undefined) {
  const { makeSendToDeadLetters: makeDeadLetters } =
    await import('../../../../shared/stream/send-to-dead-letters.ts');
  const { storage, events, clock, log } = stack.pipeline;
  const { DarkroomError } = await import('../../../../shared/platform/errors.ts');
  const origin =
    imageId === undefined
      ? undefined
      : {
          imageId,
          owner: record.key ?? 'unknown',
          source: 'kafka' as const,
          uploadedAt: record.enqueuedAt,
          correlationId: 'c-9',
        };
  await makeDeadLetters({ storage, events, clock, log })({
    record,
    stage: 'check',
    error: new DarkroomError('internal', 'A bug.'),
    attempts: 5,
    origin,
  });
}

describe('who may operate', () => {
  const routes: [string, string][] = [
    ['GET', '/attention'],
    ['GET', '/unfinished-images?state=failed'],
    ['GET', '/stream'],
    ['GET', '/lag'],
    ['GET', '/hubs'],
    ['GET', '/dead-letters'],
    ['GET', '/dead-letters/0-1'],
    ['POST', '/dead-letters/replay'],
    ['POST', '/reprocess'],
    ['POST', '/reprocess/stop'],
    ['GET', '/readers'],
    ['POST', '/readers/pause'],
    ['POST', '/readers/resume'],
    ['POST', '/readers/limit'],
    ['POST', '/readers/move'],
    ['GET', '/purges'],
    ['GET', '/purges/verify'],
    ['GET', '/processors'],
    ['GET', '/sandbox'],
    ['POST', '/sandbox/photos'],
    ['POST', '/sandbox/shadows'],
    ['GET', '/images'],
    ['GET', '/rights'],
    ['POST', '/rights/why'],
  ];
  test.each(routes)(
    '%s /operations%s: 401 without a valid token, 403 for every other role',
    async (method, path) => {
      const status = async (headers: Record<string, string>) =>
        (
          await stack.send(method, `/api/operations${path}`, {
            headers,
            ...(method === 'POST' && { json: {} }),
          })
        ).status;
      expect(await status({})).toBe(401);
      expect(await status(await stack.token(['Engineering'], { expires: -60 }))).toBe(401);
      expect(await status(await stack.token(['Engineering'], { audience: 'other' }))).toBe(401);
      expect(await status(await stack.token(['Uploader', 'Logistics', 'Sales', 'Analytics']))).toBe(403);
    },
  );

  test('only health, openapi.json and its reference are for anyone', () => {
    const open = [...registeredRoutes().values()].filter(({ route }) => route.roles === 'anyone');
    expect(open.map(({ route }) => route.path).sort()).toEqual([
      '/docs',
      '/health',
      '/health/live',
      '/openapi.json',
    ]);
  });
});

describe('the state of the stream', () => {
  const group = async (hub: string) =>
    (await list('/stream', 'groups')).find((one) => one['hub'] === hub)! as Row & { partitions: Row[] };

  test('tells apart behind, nobody reading, and up to date', async () => {
    const image = await sampleImage('png', 8, 8);
    for (let n = 0; n < 3; n += 1) await stack.pipeline.events.send(hubs.reprocessing, { value: image });
    const alone = await group(hubs.reprocessing);
    expect(alone).toMatchObject({ consumerGroup: 'processing', state: 'no-consumer', events: 3 });
    expect(alone['seconds']).toEqual(expect.any(Number));

    let hold = true;
    const consumer = stack.consume(hubs.reprocessing, async () => {
      await eventually(() => (hold ? undefined : true), { within: 60_000 });
    });
    const behind = await eventually(async () => {
      const now = await group(hubs.reprocessing);
      return now['state'] === 'behind' ? now : undefined;
    });
    expect(behind['events']).toBe(3);
    hold = false;
    const current = await eventually(async () => {
      const now = await group(hubs.reprocessing);
      return now['state'] === 'current' ? now : undefined;
    });
    expect(current).toMatchObject({ events: 0, seconds: null });
    expect(current.partitions.every((partition) => partition['expired'] === 0)).toBe(true);
    await consumer.close();
  }, 60_000);

  test('says how fast it goes from the second look on', async () => {
    await group(hubs.reprocessing);
    await stack.pipeline.events.send(hubs.reprocessing, { value: Buffer.from('x') });
    const throughput = await eventually(async () => {
      const { throughput: rate } = await group(hubs.reprocessing);
      return rate === null ? undefined : (rate as Row);
    });
    expect(Number(throughput['inPerSecond'])).toBeGreaterThanOrEqual(0);
  });

  test('claims nothing when the checkpoints cannot be read', async () => {
    const { makeHubState } = await import('../../../../shared/operations/stream-state.ts');
    const checkpoints = { read: () => Promise.reject(new Error('away')) };
    const stateOf = makeHubState({
      reader: await composition.hubReader(),
      checkpoints,
      clock: composition.clock(),
    });
    for (const hub of readHubs) {
      expect(await stateOf(hub)).toMatchObject({ state: 'not-measurable', events: null, seconds: null });
    }
  });
});

describe('dead letters', () => {
  test('are indexed with why, where and how often, and shown without personal data', async () => {
    await through({
      key: 'user-secret-7',
      value: Buffer.from('{"hello":"secret-words"}'),
      headers: { ce_subject: 'user-secret-7' },
    });
    const row = await letter((one) => one['code'] === 'message-malformed');
    expect(row).toMatchObject({
      attempts: 1,
      replays: 0,
      lastOutcome: null,
      origin: { hub: 'image-stream' },
    });
    const { body } = await stack.ask('GET', `/dead-letters/${String(row['id'])}`);
    expect(body['payload']).toMatchObject({
      bytes: 24,
      fields: ['hello'],
      hasKey: true,
      headers: ['ce_subject'],
    });
    expect(JSON.stringify(body)).not.toContain('secret');
  });

  test('can be filtered, and paged through with a cursor that only fits its list', async () => {
    const malformed = () => list('/dead-letters?code=message-malformed', 'deadLetters');
    const before = (await malformed()).length;
    for (let n = 0; n < 3; n += 1) await through({ key: 'ann', value: Buffer.from(`{"n":${n}}`) });
    await eventually(async () => ((await malformed()).length >= before + 3 ? true : undefined));
    expect(await list('/dead-letters?code=chunks-incomplete', 'deadLetters')).toEqual([]);
    const ids: unknown[] = [];
    let next: string | null = '';
    while (next !== null) {
      const page = await stack.ask('GET', `/dead-letters?limit=2${next === '' ? '' : `&cursor=${next}`}`);
      ids.push(...(page.body['deadLetters'] as Row[]).map((one) => one['id']));
      next = page.body['next'] as string | null;
    }
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBe((await list('/dead-letters?limit=200', 'deadLetters')).length);
    const first = await stack.ask('GET', '/dead-letters?limit=2');
    const other = await stack.ask(
      'GET',
      `/dead-letters?limit=2&stage=check&cursor=${String(first.body['next'])}`,
    );
    expect(other.status).toBe(400);
  });

  test('are 404 when there is no such one', async () => {
    expect((await stack.ask('GET', '/dead-letters/0-999999')).status).toBe(404);
    expect((await stack.ask('GET', '/dead-letters/nonsense')).status).toBe(400);
  });
});

describe('replay', () => {
  test('says by a dry run that a malformed record fails again, and does nothing', async () => {
    const { partition, offset } = await through({ key: 'ann', value: Buffer.from('{"dry":"run"}') });
    const { id } = await letter(
      ({ origin }) => (origin as Row)['partition'] === partition && (origin as Row)['offset'] === offset,
    );
    expect(await replay({ ids: [id], dryRun: true })).toEqual([
      { id, outcome: 'fails-again', detail: expect.stringContaining('message-malformed') },
    ]);
    expect((await stack.ask('GET', `/dead-letters/${String(id)}`)).body).toMatchObject({
      replays: 0,
      replayed: [],
    });
  });

  test('sends an image that died of a bug to its end as the same image, and records who and why', async () => {
    const value = await sampleImage('png', 30, 20);
    await stack.pipeline.events.send(hubs.stream, { key: 'ann', value });
    const [record] = await stack.pipeline.stream.until(1, (one) => Buffer.compare(one.value, value) === 0);
    const { parseImageMessage } = await import('../../../../shared/images/receive/image-message.ts');
    const { imageId } = parseImageMessage(record!);
    await dieOfABug(record!, imageId);
    const { id } = await letter((one) => one['imageId'] === imageId);
    expect(await replay({ ids: [id], dryRun: true })).toMatchObject([{ outcome: 'applied' }]);

    const before = stack.pipeline.stream.records.length;
    expect(await replay({ ids: [id], reason: 'bug 4711 is fixed' })).toMatchObject([
      { id, outcome: 'applied' },
    ]);
    const [again] = (await stack.pipeline.stream.until(before + 1)).slice(before);
    await stack.pipeline.streamService()([again!]);
    const reader = await composition.storageReader();
    expect(await reader.find(imageId)).toMatchObject({ imageId, owner: 'ann', status: 'stored', width: 30 });
    expect((await stack.ask('GET', `/dead-letters/${String(id)}`)).body['replayed']).toMatchObject([
      { actor: 'eve', reason: 'bug 4711 is fixed', outcome: 'applied' },
    ]);
  }, 60_000);

  test('has no dead letter of what was erased, and calls what is processed a duplicate', async () => {
    const images = imageMaker(stack.pipeline.stores.storage, stack.pipeline.database);
    const [erased, done] = [await images.make('ann', 'stored'), await images.make('ann', 'stored')];
    for (const imageId of [erased, done]) {
      const value = Buffer.from(JSON.stringify({ imageId, anything: true }));
      const record = {
        hub: hubs.stream,
        partition: '0',
        offset: '1',
        enqueuedAt: new Date(),
        key: 'ann',
        value,
        headers: {},
      };
      await dieOfABug(record, imageId);
    }
    await images.process(done);
    await (
      await composition.erasure()
    ).erase([{ imageId: erased, uploadedAt: new Date(), deleteAt: new Date() }], 'erasure', 'ann');
    const other = await letter((row) => row['imageId'] === done);
    expect((await list('/dead-letters', 'deadLetters')).some((row) => row['imageId'] === erased)).toBe(false);
    const expected = [{ id: other['id'], outcome: 'duplicate' }];
    const before = stack.pipeline.stream.records.length;
    expect(await replay({ ids: [other['id']], dryRun: true })).toMatchObject(expected);
    expect(await replay({ ids: [other['id']], reason: 'try' })).toMatchObject(expected);
    expect(stack.pipeline.stream.records.length).toBe(before);
  }, 60_000);

  test('tries the processors in a dry run of what failed in processing', async () => {
    const { storage } = stack.pipeline;
    const imageId = randomUUID();
    const origin = {
      imageId,
      owner: 'ann',
      source: 'http' as const,
      uploadedAt: new Date(),
      correlationId: 'c-1',
    };
    const whole = await sampleImage('jpeg', 200, 150);
    const facts = {
      contentType: 'image/jpeg',
      bytes: whole.byteLength,
      sha256: 'a'.repeat(64),
      width: 200,
      height: 150,
    };
    await storage.storeRaw(origin, 'image/jpeg', whole, { maxBytes: 1e6 });
    await storage.recordStored(origin, facts);
    const { processingEvent } = await import('../../../../shared/images/process/processing-message.ts');
    const { value } = processingEvent({ imageId, correlationId: 'c-1' });
    await dieOfABug(
      {
        hub: hubs.processing,
        partition: '0',
        offset: '7',
        enqueuedAt: new Date(),
        key: undefined,
        value,
        headers: {},
      },
      imageId,
    );
    const { id } = await letter((row) => row['imageId'] === imageId);
    expect(await replay({ ids: [id], dryRun: true })).toMatchObject([{ outcome: 'applied' }]);
    await storage.deleteRaw(imageId);
    expect(await replay({ ids: [id], dryRun: true })).toMatchObject([
      { outcome: 'fails-again', detail: expect.stringContaining('claim-check-missing') },
    ]);
  }, 60_000);

  test('of all takes those that nobody replayed, and those that failed', async () => {
    const open = (await list('/dead-letters?limit=200', 'deadLetters')).filter(
      ({ lastOutcome }) => lastOutcome === null || lastOutcome === 'fails-again',
    );
    const results = await replay({ all: true, dryRun: true });
    expect(results.map(({ id }) => id).sort()).toEqual(open.map(({ id }) => id as string).sort());
  }, 60_000);

  test.each([
    ['no reason', { ids: ['0-1'] }],
    ['neither ids nor all', { reason: 'x' }],
    ['both ids and all', { ids: ['0-1'], all: true, reason: 'x' }],
    ['an unknown field', { ids: ['0-1'], reason: 'x', force: true }],
  ])('with %s is 422', async (_what, json) => {
    expect((await stack.ask('POST', '/dead-letters/replay', json)).status).toBe(422);
  });
});

describe('reprocess', () => {
  const queued = () =>
    import('../../../support/hub-reader.ts').then(({ readHub }) =>
      readHub(stack.pipeline.eventHubs.connectionString, hubs.reprocessing),
    );

  test('sends images that still have bytes through their own hub; a dry run only counts', async () => {
    const images = imageMaker(stack.pipeline.stores.storage, stack.pipeline.database);
    const ids = [
      await images.make('ann', 'processed'),
      await images.make('ann', 'rejected'),
      await images.make('ann', 'stored'),
    ];
    expect(await stack.ask('POST', '/reprocess', { ids, dryRun: true })).toEqual({
      status: 200,
      body: { dryRun: true, images: 2, stopped: false },
    });
    expect(await stack.ask('POST', '/reprocess', { ids })).toEqual({
      status: 202,
      body: { dryRun: false, images: 2, stopped: false },
    });
    const hub = await queued();
    const mine = await hub.until(2, ({ value }) => ids.some((id) => Buffer.from(value).includes(id)));
    await hub.close();
    expect(mine).toHaveLength(2);
  });

  test('of a processor takes only what another version of it made', async () => {
    const images = imageMaker(stack.pipeline.stores.storage, stack.pipeline.database);
    const old = await images.make('ann', 'stored');
    const present = await images.make('ann', 'stored');
    await images.process(old, undefined, '0-before');
    const version = (await list('/processors', 'processors')).find(({ name }) => name === 'preview')![
      'version'
    ] as string;
    await images.process(present, undefined, version);
    const ask = { processor: 'preview', ids: [old, present], dryRun: true };
    expect((await stack.ask('POST', '/reprocess', ask)).body['images']).toBe(1);
    expect((await stack.ask('POST', '/reprocess', { ...ask, version: 'next' })).body['images']).toBe(2);
    expect((await stack.ask('POST', '/reprocess', { ...ask, processor: 'nobody' })).status).toBe(422);
  });

  test('of a processor that makes facts and no file finds what another version of it said', async () => {
    const images = imageMaker(stack.pipeline.stores.storage, stack.pipeline.database);
    const ids = [await images.make('ann', 'stored'), await images.make('ann', 'stored')];
    const [old] = ids;
    const fact = { name: 'blurhash', value: 'LEHV6n', processor: 'blurhash', processorVersion: '0-before' };
    const saved = { image_id: old!, variants: [], facts: [fact], at: new Date() };
    await stack.pipeline.database.execute('storage_writer', 'save_variants', saved, {
      actor: 'service:test',
    });
    const ask = { processor: 'blurhash', ids, dryRun: true };
    expect((await stack.ask('POST', '/reprocess', ask)).body['images']).toBe(1);
    const blurhash = (await list('/processors', 'processors')).find(({ name }) => name === 'blurhash')!;
    expect(blurhash['versions']).toEqual([expect.objectContaining({ version: '0-before', images: 1 })]);
  });

  test('needs to be told what', async () => {
    expect((await stack.ask('POST', '/reprocess', {})).status).toBe(422);
  });
});

describe('the ledger', () => {
  test('is paged newest first, answers for one image, and verifies', async () => {
    const images = imageMaker(stack.pipeline.stores.storage, stack.pipeline.database);
    const ids = [await images.make('ann', 'stored'), await images.make('ann', 'stored')];
    const { erase } = await composition.erasure();
    for (const imageId of ids)
      await erase([{ imageId, uploadedAt: new Date(0), deleteAt: new Date(hour) }], 'erasure', 'ann');
    const [newest] = await list('/purges?limit=1', 'purges');
    const [ofFirst] = await list(`/purges?imageId=${ids[0]}`, 'purges');
    expect(newest!['sequence']).toBe((ofFirst!['sequence'] as number) + 1);
    expect([ofFirst!['leafIndex'], newest!['leafIndex']]).toEqual([null, null]);
    await (await composition.ledger()).publishCheckpoint(silentLog);
    const [published] = await list('/purges?limit=1', 'purges');
    const { body } = await stack.ask('GET', '/purges/verify');
    const { checkpoint, ...rest } = body as { checkpoint: string; entries: number };
    expect(rest).toEqual({ valid: true, entries: (published!['leafIndex'] as number) + 1, faults: [] });
    expect(checkpoint).toContain(`\n${rest.entries}\n`);
  });
});

describe('the overview', () => {
  test('counts images by status and door', async () => {
    const counts = await list('/images', 'counts');
    expect(
      counts.some(
        ({ status, source, images }) => status === 'stored' && source === 'http' && Number(images) > 0,
      ),
    ).toBe(true);
  });

  test('reports rights in the database that are what is meant', async () => {
    const { body } = await stack.ask('GET', '/rights');
    expect((body['rights'] as unknown[]).length).toBeGreaterThan(50);
    expect(body['differences']).toEqual([]);
  });

  test('explains why somebody may, and why somebody else may not', async () => {
    const why = (json: Row) => stack.ask('POST', '/rights/why', json);
    const { status, body } = await why({ person: 'Sales', object: 'sales.products' });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      ...{ person: { name: 'Whoever has Sales' }, object: 'sales.products', allowed: true, remedy: null },
      ways: [
        { appRole: 'Sales', service: 'sales', databaseRole: 'sales', schema: 'sales', verbs: ['select'] },
      ],
    });
    expect((await why({ person: 'Analytics', object: 'sales.products' })).body).toMatchObject({
      ...{ allowed: false, rolesThatMay: ['Sales'], remedy: expect.stringContaining('role Sales') },
    });
    expect((await why({ person: 'Sales', object: 'sales.nothing' })).status).toBe(404);
    expect((await why({ person: 'Samir Rossi', object: 'sales.products' })).status).toBe(404);
    expect((await why({ person: ' ', object: 'sales.products' })).status).toBe(422);
  });

  test('names the processors that there are', async () => {
    const names = (await list('/processors', 'processors')).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['web', 'preview', 'thumbnail', 'blurhash']));
  });
});

describe('liveness', () => {
  test('is 204 for anyone, with nothing in it', async () => {
    const answer = await stack.send('GET', '/api/health/live');
    expect([answer.status, await answer.text()]).toEqual([204, '']);
  });
});

describe('health', () => {
  test('is 200 with every part when all is well, for anyone', async () => {
    const answer = await stack.send('GET', '/api/health');
    const { status, checks } = (await answer.json()) as { status: string; checks: Row[] };
    expect([answer.status, status]).toEqual([200, 'healthy']);
    expect(checks.map(({ name }) => name)).toEqual(['identity', 'database', 'image-storage', 'event-hubs']);
    expect(JSON.stringify(checks)).not.toMatch(/127\.0\.0\.1|postgres|AccountKey/);
  });

  test('is 503 and names the part that is not well, without its address', async () => {
    const { makeHealth } = await import('../../../../shared/operations/health.ts');
    const look = makeHealth(() =>
      Promise.resolve([
        { name: 'good', probe: () => Promise.resolve() },
        { name: 'bad', probe: () => fetch('http://127.0.0.1:1/secret-place') },
      ]),
    );
    const health = await look();
    expect(health.status).toBe('unhealthy');
    expect(health.checks).toMatchObject([
      { status: 'healthy' },
      { name: 'bad', status: 'unhealthy', code: 'unavailable' },
    ]);
    expect(JSON.stringify(health)).not.toContain('secret-place');
  });
});

describe('openapi.json', () => {
  test('describes every route of every service, whichever of them this app hosts', async () => {
    const document = (await (await stack.send('GET', '/api/openapi.json')).json()) as {
      openapi: string;
      paths: Record<string, Row>;
    };
    expect(document.openapi).toMatch(/^3\.1\./);
    for (const { route } of registeredRoutes().values()) {
      expect(document.paths[route.path.replace('{*', '{')]).toHaveProperty(route.method.toLowerCase());
    }
    for (const path of [
      '/images',
      '/images/{id}/{variant}',
      '/logistics/orders',
      '/sales/products',
      '/operations/purge',
    ]) {
      expect(document.paths).toHaveProperty([path]);
    }
  });
});
