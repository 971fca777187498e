import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DarkroomError, type ErrorCode } from '../../../../shared/platform/errors.ts';
import { hubs } from '../../../../shared/stream/hubs.ts';
import { makeSendToDeadLetters } from '../../../../shared/stream/send-to-dead-letters.ts';
import { eventually } from '../../../support/eventually.ts';
import { startOperations } from './support.ts';
import { readers } from '../../../../functions/operations/composition.ts';
import { makeTellExpired } from '../../../../shared/stream/expired-events.ts';
import '../../../../functions/operations/index.ts';

let stack: Awaited<ReturnType<typeof startOperations>>;
beforeAll(async () => {
  stack = await startOperations();
}, 180_000);
afterAll(() => stack.stop());

type Row = Record<string, any>;
const readerOf = async (hub: string): Promise<Row> =>
  ((await stack.ask('GET', '/readers')).body['readers'] as Row[]).find((one) => one['hub'] === hub)!;

/** So many records of the hub die with the code, and are indexed. */
async function die(hub: string, code: ErrorCode, count: number): Promise<void> {
  const { storage, events, clock, log } = stack.pipeline;
  const send = makeSendToDeadLetters({ storage, events, clock, log });
  const indexed = async () =>
    ((await stack.ask('GET', `/dead-letters?limit=200&hub=${hub}&code=${code}`)).body['deadLetters'] as Row[])
      .length;
  const before = await indexed();
  for (let offset = 0; offset < count; offset += 1) {
    const value = Buffer.from('x');
    const record = { hub, partition: '0', offset: String(offset), key: undefined, value, headers: {} };
    await send({
      ...{ record: { ...record, enqueuedAt: new Date() }, stage: 'process' as const, attempts: 1 },
      error: new DarkroomError(code, 'A test.'),
    });
  }
  await eventually(async () => ((await indexed()) === before + count ? true : undefined), { within: 30_000 });
}

const set = (hub: string, deadLetters: number | null) =>
  stack.ask('POST', '/readers/limit', { hub, deadLetters, minutes: 10, reason: 'a test' });

describe('dead letters of one code', () => {
  test('that are more than engineers set pause the reader of their hub, which says why', async () => {
    expect((await set(hubs.slow, 2)).status).toBe(200);
    await die(hubs.slow, 'message-malformed', 2);
    await die(hubs.slow, 'claim-check-missing', 2);
    expect((await readerOf(hubs.slow))['pause']).toBeNull();
    await die(hubs.slow, 'message-malformed', 1);
    const held = await eventually(
      async () => ((await readerOf(hubs.slow))['pause'] ?? undefined) as Row | undefined,
    );
    expect(held).toMatchObject({ isHold: true, remindAt: null, actor: 'service:operations' });
    expect(held['reason']).toContain('message-malformed');
    expect((await readerOf(hubs.processing))['pause']).toBeNull();
  });

  test('of before a resume do not pause it again, more of them do', async () => {
    await stack.ask('POST', '/readers/resume', { hubs: [hubs.slow], reason: 'looked at' });
    await die(hubs.slow, 'message-malformed', 2);
    expect((await readerOf(hubs.slow))['pause']).toBeNull();
    await die(hubs.slow, 'message-malformed', 1);
    await eventually(async () => ((await readerOf(hubs.slow))['pause'] ?? undefined) as Row | undefined);
  });

  test('pause nothing where engineers switched it off', async () => {
    await stack.ask('POST', '/readers/resume', { hubs: [hubs.slow], reason: 'looked at' });
    await set(hubs.slow, null);
    await die(hubs.slow, 'message-malformed', 4);
    expect(await readerOf(hubs.slow)).toMatchObject({ pause: null, limit: null });
  });

  test('count where nobody set a limit only when the fault is ours: 50 within 10 minutes', async () => {
    expect((await readerOf(hubs.processing))['limit']).toEqual({
      ...{ deadLetters: 50, minutes: 10, isDefault: true },
    });
    await die(hubs.processing, 'image-corrupt', 51);
    expect((await readerOf(hubs.processing))['pause']).toBeNull();
    await die(hubs.processing, 'processor-failed', 51);
    await eventually(async () => (await readerOf(hubs.processing))['pause'] as Row);
  }, 60_000);
});

describe('events that expired unread', () => {
  test('are among the losses of the reader, and known to have been told', async () => {
    const { events, clock, log } = stack.pipeline;
    const all = await readers(log);
    const isTold = (from: number) => all.isLossTold(hubs.slow, '1', from);
    expect(await isTold(48)).toBe(false);
    const tell = makeTellExpired({ events, clock, log });
    await tell({ hub: hubs.slow, partition: '1', from: 48, to: 71 });
    await eventually(async () => ((await isTold(48)) ? true : undefined), { within: 30_000 });
    expect(await isTold(49)).toBe(false);
    expect((await stack.ask('GET', '/readers')).body['losses']).toMatchObject([
      { hub: hubs.slow, partition: '1', message: '24 events (48 to 71) expired before they were read.' },
    ]);
  });
});

describe('the log that a reader reads', () => {
  test('is known by when its hub was made, and with the partitions that are still to be brought onto it', async () => {
    const all = await readers(stack.pipeline.log);
    const logOf = async () => (await all.watched(hubs.stream)).log;
    expect(await logOf()).toBeUndefined();
    const createdAt = new Date('2026-03-14T12:00:00Z');
    const by = { actor: 'service:operations', reason: 'a test' };
    const seen = (detail: object) =>
      all.record(hubs.stream, { topic: 'log', action: 'seen', detail: { createdAt, ...detail } }, by);
    await seen({});
    expect(await logOf()).toEqual({ createdAt, open: [] });
    await seen({ open: ['3'] });
    expect(await logOf()).toEqual({ createdAt, open: ['3'] });
  });
});

describe('a change of a reader', () => {
  test('needs a reason unless it is a dry run, which changes nothing', async () => {
    for (const path of ['/readers/pause', '/readers/resume', '/reprocess/stop']) {
      expect((await stack.ask('POST', path, {})).status).toBe(422);
      expect((await stack.ask('POST', path, { reason: ' ' })).status).toBe(422);
    }
    const before = (await stack.ask('GET', '/readers')).body['changes'];
    const dry = await stack.ask('POST', '/readers/pause', { dryRun: true });
    expect(dry.body['results']).toHaveLength(5);
    await stack.ask('POST', '/reprocess/stop', { dryRun: true });
    expect((await stack.ask('GET', '/readers')).body['changes']).toEqual(before);
  });

  test('is refused for a hub that is not there, and for a limit of the reader of dead letters', async () => {
    const reason = 'a test';
    expect((await stack.ask('POST', '/readers/pause', { hubs: ['other'], reason })).status).toBe(422);
    expect((await set(hubs.deadLetter, 5)).status).toBe(422);
    expect((await set(hubs.slow, 0)).status).toBe(422);
  });
});
