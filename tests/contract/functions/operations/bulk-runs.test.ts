import { InvocationContext } from '@azure/functions';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { operationsTimer } from '../../../../functions/operations/operations-timer.ts';
import { minute } from '../../../../shared/platform/clock.ts';
import { DarkroomError } from '../../../../shared/platform/errors.ts';
import { hubs, maxEventBytes } from '../../../../shared/stream/hubs.ts';
import { makeSendToDeadLetters } from '../../../../shared/stream/send-to-dead-letters.ts';
import { eventually } from '../../../support/eventually.ts';
import { sampleImage } from '../../../support/sample-images.ts';
import { startOperations } from './support.ts';
import '../../../../functions/operations/index.ts';

let stack: Awaited<ReturnType<typeof startOperations>>;
let png: Buffer;
beforeAll(async () => {
  stack = await startOperations();
  png = await sampleImage('png', 12, 8);
}, 180_000);
afterAll(() => stack.stop());

type Row = Record<string, unknown>;
interface Run extends Row {
  readonly id: string;
  readonly state: string;
  readonly total: number;
  readonly done: number;
  readonly outcomes: Row;
  readonly results: { id: string; outcome: string; detail: string }[];
}

const ask = async (method: 'GET' | 'POST', path: string, json?: unknown): Promise<Row> => {
  const { status, body } = await stack.ask(method, path, json);
  expect({ status, body }).toMatchObject({ status: method === 'POST' ? expect.any(Number) : 200 });
  return body;
};
const start = async (json: Row): Promise<Run> => {
  const { status, body } = await stack.ask('POST', '/bulk-runs', json);
  expect({ status, body }).toMatchObject({ status: 202 });
  return body as Run;
};
const lettersOf = async (query: string): Promise<Row[]> =>
  (await ask('GET', `/dead-letters?limit=200&${query}`))['deadLetters'] as Row[];
const tick = () =>
  operationsTimer({} as never, new InvocationContext({ functionName: 'tick', logHandler: () => undefined }));

interface Death {
  readonly code?: ConstructorParameters<typeof DarkroomError>[0];
  readonly hub?: string;
  readonly value?: Uint8Array;
  readonly headers?: Record<string, string>;
  readonly at?: Date;
}

/** Dead-letters records under a stage of their own, and waits until the index has them. */
async function die(stage: string, deaths: readonly Death[]): Promise<Row[]> {
  const { storage, events, clock, log } = stack.pipeline;
  for (const { code = 'internal', hub = hubs.stream, value = png, headers = {}, at } of deaths) {
    const place = { hub, partition: '0', offset: randomUUID(), enqueuedAt: new Date() };
    await makeSendToDeadLetters({ storage, events, clock: at ? { now: () => at } : clock, log })({
      record: { key: 'ann', value, headers, ...place },
      stage: stage as 'check',
      error: new DarkroomError(code, 'A bug.'),
      attempts: 1,
      origin: {
        ...{ imageId: randomUUID(), owner: 'ann', source: 'kafka', correlationId: 'c-1' },
        uploadedAt: new Date(),
      },
    });
  }
  return eventually(async () => {
    const found = await lettersOf(`stage=${stage}`);
    return found.length === deaths.length ? found : undefined;
  });
}
const many = (count: number, death: Death = {}): Death[] => Array.from({ length: count }, () => death);

describe('who may', () => {
  test.each([
    ['GET', '/dead-letter-counts'],
    ['GET', '/dead-letter-export'],
    ['GET', '/bulk-runs'],
    ['GET', '/bulk-runs/1'],
    ['POST', '/bulk-runs'],
    ['POST', '/bulk-runs/1/stop'],
  ])('%s /operations%s: nobody without a token, no other role', async (method, path) => {
    const status = async (headers: Record<string, string>) =>
      (
        await stack.send(method, `/api/operations${path}`, {
          headers,
          ...(method === 'POST' && { json: {} }),
        })
      ).status;
    expect(await status({})).toBe(401);
    expect(await status(await stack.token(['Uploader', 'Logistics', 'Sales', 'Analytics']))).toBe(403);
  });
});

describe('the counts of dead letters', () => {
  test('are by code, stage, hub and day, and tell what is open since when', async () => {
    const day = (at: Date) => at.toISOString().slice(0, 10);
    const [now, before] = [new Date(), new Date(Date.now() - 26 * 60 * minute)];
    await die('counted', [
      ...many(3, { code: 'image-corrupt' }),
      { code: 'image-corrupt', at: before },
      { code: 'internal', hub: hubs.reprocessing },
    ]);
    const { counts, open } = (await ask('GET', '/dead-letter-counts')) as { counts: Row[]; open: Row };
    const ours = counts.filter(({ stage }) => stage === 'counted');
    expect(
      ours.map(({ code, hub, day, deadLetters, images }) => [code, hub, day, deadLetters, images]),
    ).toEqual(
      expect.arrayContaining([
        ['image-corrupt', 'image-stream', day(now), 3, 3],
        ['image-corrupt', 'image-stream', day(before), 1, 1],
        ['internal', 'image-reprocessing', day(now), 1, 1],
      ]),
    );
    expect(ours).toHaveLength(3);
    expect(open).toMatchObject({ deadLetters: 5, images: 5, since: before.toISOString() });
    await start({ action: 'discard', filter: { stage: 'counted' }, reason: 'a test' });
    const after = (await ask('GET', '/dead-letter-counts')) as { counts: Row[]; open: Row };
    expect(after.open).toEqual({ deadLetters: 0, images: 0, since: null });
    expect(after.counts.filter(({ stage }) => stage === 'counted').every(({ open }) => open === false)).toBe(
      true,
    );
  });
});

describe('a replay in bulk', () => {
  test('takes all that a filter finds, and one of a whole event does not stop it', async () => {
    const large = Buffer.concat([png, Buffer.alloc(maxEventBytes - 4_096 - png.byteLength)]);
    await die('bulk', [
      { value: large },
      { hub: hubs.processing, value: Buffer.alloc(maxEventBytes - 4_096, 0x20) },
      { value: png, headers: { sha256: 'ab'.repeat(32) } },
      ...many(5),
    ]);
    await die('other', many(1));
    const sent = stack.pipeline.stream.records.length;
    const dry = await start({ action: 'replay', filter: { stage: 'bulk' }, dryRun: true });
    expect(dry).toMatchObject({ dryRun: true, state: 'done', total: 8, done: 8 });
    expect(await lettersOf('stage=bulk&open=true')).toHaveLength(8);
    const run = await start({ action: 'replay', filter: { stage: 'bulk' }, reason: 'fixed in 1.2' });
    expect(run).toMatchObject({ state: 'done', total: 8, done: 8, actor: 'eve', reason: 'fixed in 1.2' });
    // Spaces are no processing message, and a wrong sha256 never becomes an image; a dry run says the same of both.
    expect(run.outcomes).toEqual({ applied: 6, 'fails-again': 2 });
    expect(dry.outcomes).toEqual(run.outcomes);
    expect(
      run.results.filter(({ outcome }) => outcome === 'fails-again').map(({ detail }) => detail),
    ).toEqual(
      expect.arrayContaining([
        expect.stringContaining('digest-mismatch'),
        expect.stringContaining('message-malformed'),
      ]),
    );
    await stack.pipeline.stream.until(sent + 6);
    expect(await lettersOf('stage=other&open=true')).toHaveLength(1);
    const [one] = await lettersOf('stage=bulk&open=true');
    expect((await ask('GET', `/dead-letters/${String(one!['id'])}`))['replayed']).toMatchObject([
      { actor: 'eve', reason: 'fixed in 1.2', outcome: 'fails-again' },
    ]);
    expect(stack.pipeline.stream.records.length).toBe(sent + 6);
  }, 60_000);

  test('is by hub and time too', async () => {
    const [early, late] = [new Date(Date.now() - 3 * 60 * minute), new Date(Date.now() - 60 * minute)];
    await die('timed', [{ at: early }, { at: late }, { hub: hubs.slow, at: late }]);
    const count = async (filter: Row) =>
      (await start({ action: 'discard', filter: { stage: 'timed', ...filter }, dryRun: true })).total;
    expect(await count({})).toBe(3);
    expect(await count({ from: early.toISOString(), to: late.toISOString() })).toBe(1);
    expect(await count({ from: late.toISOString() })).toBe(2);
    expect(await count({ from: late.toISOString(), hub: hubs.slow })).toBe(1);
    expect(await count({ code: 'image-corrupt' })).toBe(0);
  });

  test('goes at its rate, shows how far it is, and can be stopped; the rest stays open', async () => {
    const total = 12;
    await die('paced', many(total));
    const began = performance.now();
    const run = await start({
      action: 'replay',
      filter: { stage: 'paced' },
      perMinute: 30,
      reason: 'slowly',
    });
    expect(run).toMatchObject({ state: 'running', total });
    // One at once, then one every two seconds.
    const most = 1 + Math.ceil((performance.now() - began) / 2_000);
    expect(run.done).toBeGreaterThanOrEqual(1);
    expect(run.done).toBeLessThanOrEqual(most);
    const ticking = tick();
    const further = await eventually(async () => {
      const now = (await ask('GET', `/bulk-runs/${run.id}`)) as Run;
      return now.done > run.done ? now : undefined;
    });
    expect(further.state).toBe('running');
    const stopped = await ask('POST', `/bulk-runs/${run.id}/stop`, { reason: 'too many at once' });
    expect(stopped).toMatchObject({
      state: 'stopped',
      stopped: { actor: 'eve', reason: 'too many at once' },
    });
    await ticking;
    const after = (await ask('GET', `/bulk-runs/${run.id}`)) as Run;
    expect(after.done).toBeLessThan(total);
    expect(await lettersOf('stage=paced&open=true')).toHaveLength(total - after.done);
    await tick();
    expect(await ask('GET', `/bulk-runs/${run.id}`)).toEqual(after);
    expect(((await ask('GET', '/bulk-runs'))['runs'] as Run[])[0]).toEqual(after);
  }, 60_000);

  test('of named ones is of those and no other, and of none when one of them is no dead letter', async () => {
    const [one, two] = await die('named', many(2));
    const body = { action: 'replay', reason: 'these' };
    const { status } = await stack.ask('POST', '/bulk-runs', { ...body, ids: [one!['id'], '0-999999'] });
    expect([status, (await lettersOf('stage=named&open=true')).length]).toEqual([404, 2]);
    const run = await start({ ...body, ids: [one!['id'], one!['id']] });
    expect(run).toMatchObject({
      state: 'done',
      total: 1,
      outcomes: { applied: 1 },
      results: [{ id: one!['id'] }],
    });
    expect((await lettersOf('stage=named&open=true')).map(({ id }) => id)).toEqual([two!['id']]);
  });

  test('is refused without a filter, with both, and without a reason', async () => {
    const status = async (json: Row) => (await stack.ask('POST', '/bulk-runs', json)).status;
    expect(await status({ action: 'replay', reason: 'x' })).toBe(422);
    expect(await status({ action: 'replay', reason: 'x', filter: {}, ids: ['0-1'] })).toBe(422);
    expect(await status({ action: 'discard', filter: {} })).toBe(422);
    expect(await status({ action: 'replay', reason: 'x', filter: { colour: 'red' } })).toBe(422);
    expect((await stack.ask('GET', '/bulk-runs/nothing')).status).toBe(404);
    expect((await stack.ask('POST', '/bulk-runs/nothing/stop', { reason: 'x' })).status).toBe(404);
  });
});

describe('discarding', () => {
  test('is recorded with who and why, is not open any more, and can be taken back by a replay', async () => {
    const [one] = await die('thrown', many(1));
    const dry = await start({ action: 'discard', filter: { stage: 'thrown' }, dryRun: true });
    expect(dry.outcomes).toEqual({ discarded: 1 });
    expect(await lettersOf('stage=thrown&open=true')).toHaveLength(1);
    await start({ action: 'discard', filter: { stage: 'thrown' }, reason: 'test images of a producer' });
    expect(await lettersOf('stage=thrown&open=true')).toEqual([]);
    const id = String(one!['id']);
    expect(await ask('GET', `/dead-letters/${id}`)).toMatchObject({
      lastOutcome: 'discarded',
      replayed: [{ actor: 'eve', reason: 'test images of a producer', outcome: 'discarded' }],
    });
    const { body } = await stack.ask('POST', '/dead-letters/replay', { ids: [id], reason: 'they were real' });
    expect(body['results']).toMatchObject([{ id, outcome: 'applied' }]);
  });
});

describe('what is done in bulk', () => {
  test('has no limit of its own', async () => {
    const count = 620;
    const dead_at = new Date();
    for (let number = 1; number <= count; number += 1) {
      const row = {
        ...{ partition: '7', sequence_number: number, origin_hub: hubs.stream, origin_partition: '0' },
        ...{ origin_offset: String(number), stage: 'very-many', code: 'internal', message: 'm', attempts: 1 },
        ...{ image_id: null, payload_bytes: 1, claim_check: null, dead_at, expires_at: dead_at },
      };
      await stack.pipeline.database.execute('operations', 'record_dead_letter', row, {
        actor: 'service:test',
      });
    }
    const run = await start({ action: 'discard', filter: { stage: 'very-many' }, reason: 'a test' });
    expect(run.total).toBe(count);
    await tick();
    const after = (await ask('GET', `/bulk-runs/${run.id}`)) as Run;
    expect(after).toMatchObject({ state: 'done', done: count, outcomes: { discarded: count } });
    expect(after.results).toHaveLength(200);
  }, 60_000);
});

describe('the export', () => {
  test('has every dead letter that the filter finds, a line each, as the list shows them', async () => {
    await die('exported', many(3));
    const answer = await stack.send('GET', '/api/operations/dead-letter-export?stage=exported', {
      headers: await stack.token(['Engineering']),
    });
    expect(answer.headers.get('content-type')).toBe('application/x-ndjson');
    expect(answer.headers.get('content-disposition')).toMatch(
      /filename="dead-letters-\d{4}-\d\d-\d\d\.ndjson"/,
    );
    const lines = (await answer.text()).trimEnd().split('\n');
    const rows = lines.map((line) => JSON.parse(line) as Row);
    expect(rows).toEqual((await lettersOf('stage=exported')).toReversed());
  });
});
