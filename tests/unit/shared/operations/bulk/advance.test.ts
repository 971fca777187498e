import { describe, expect, test } from '@jest/globals';
import { makeAdvance } from '../../../../../shared/operations/bulk/advance.ts';
import type { BulkResult, StoredRun } from '../../../../../shared/operations/bulk/bulk-run.ts';
import type { Selection } from '../../../../../shared/operations/bulk/selection.ts';
import type { DeadLetterRow } from '../../../../../shared/operations/dead-letters.ts';
import type { JsonDocuments } from '../../../../../shared/platform/blobs/json-documents.ts';
import { systemClock } from '../../../../../shared/platform/clock.ts';
import { DarkroomError } from '../../../../../shared/platform/errors.ts';

const run = (of: Partial<StoredRun> = {}): StoredRun => ({
  ...{ id: 'r-1', action: 'replay', dryRun: false, filter: {}, reason: 'why', actor: 'eve', perMinute: null },
  ...{
    state: 'running',
    startedAt: '2026-11-30T00:00:00.000Z',
    endedAt: null,
    stopped: null,
    waitingFor: null,
  },
  ...{ total: 10, done: 0, outcomes: {}, results: [] },
  work: { ids: null, after: null, claimedUntil: 0, dueAt: 0, tries: 0 },
  ...of,
});
const outage = () => new DarkroomError('unavailable', 'The image store did not answer.');

/** A run over ten dead letters, kept in memory; `act` says what becomes of each. */
function start(
  act: (number: number) => Promise<BulkResult['outcome']>,
  of?: Partial<StoredRun>,
  detail = '',
) {
  let stored = run(of);
  const tried: number[] = [];
  const runs: Pick<JsonDocuments<StoredRun>, 'read' | 'change'> = {
    read: () => Promise.resolve(stored),
    change: async (_name, change) => {
      await Promise.resolve();
      stored = change(stored);
      return stored;
    },
  };
  const selection: Pick<Selection, 'next'> = {
    next: ({ work }, limit) => {
      const from = (work.after as number | null) ?? 0;
      const numbers = Array.from({ length: 10 }, (_, number) => number).slice(from, from + limit);
      const rows = numbers.map((number) => ({ partition: '0', sequence_number: number }) as DeadLetterRow);
      return Promise.resolve({ rows, after: rows.length === 0 ? work.after : from + rows.length });
    },
  };
  const advance = makeAdvance({
    runs: runs as JsonDocuments<StoredRun>,
    selection: selection as Selection,
    clock: systemClock,
    async act(_run, { sequence_number: number }) {
      tried.push(number);
      return { id: `0-${number}`, outcome: await act(number), detail };
    },
  });
  return {
    tried,
    stored: () => stored,
    change: (change: (run: StoredRun) => StoredRun) => (stored = change(stored)),
    advance: (forMs = 60_000) => advance('r-1', Date.now() + forMs),
  };
}
const all = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

describe('a run over dead letters', () => {
  test('takes each once, in its order, and is done', async () => {
    const { advance, tried } = start(() => Promise.resolve('applied'));
    expect(await advance()).toMatchObject({ state: 'done', done: 10, outcomes: { applied: 10 } });
    expect(tried).toEqual(all);
  });

  test('is gone on with by one process at a time, and by another when the first has died', async () => {
    const first = start(() => Promise.resolve('applied'));
    first.change((one) => ({ ...one, work: { ...one.work, claimedUntil: Date.now() + 60_000 } }));
    expect(await first.advance()).toMatchObject({ state: 'running', done: 0 });
    expect(first.tried).toEqual([]);
    first.change((one) => ({ ...one, work: { ...one.work, claimedUntil: Date.now() - 1 } }));
    expect(await first.advance()).toMatchObject({ state: 'done', done: 10 });
  });

  test('two that begin at once do nothing twice', async () => {
    const { advance, tried, stored } = start(() => Promise.resolve('applied'));
    await Promise.all([advance(), advance(), advance()]);
    expect([tried.toSorted((a, b) => a - b), stored().done]).toEqual([all, 10]);
  });

  test('leaves a slice that took longer than its claim to who took it over, and counts it once', async () => {
    const one = start((number) => {
      const work = { ...one.stored().work, after: 8, claimedUntil: Date.now() + 60_000 };
      if (number === 0) one.change((now) => ({ ...now, work, done: 8, outcomes: { applied: 8 } }));
      return Promise.resolve('applied');
    });
    expect(await one.advance()).toMatchObject({ state: 'running', done: 8, outcomes: { applied: 8 } });
    expect(one.tried).toEqual(all.slice(0, 8));
  });

  test('waits at an outage, says for what, and goes on from there when it is over', async () => {
    let isAway = true;
    const { advance, stored } = start(() => (isAway ? Promise.reject(outage()) : Promise.resolve('applied')));
    expect(await advance()).toMatchObject({ state: 'running', done: 0, waitingFor: outage().message });
    expect(stored().work.claimedUntil).toBe(0);
    isAway = false;
    expect(await advance()).toMatchObject({ state: 'done', done: 10, waitingFor: null });
  });

  test('tries one that alone meets an outage again, then leaves it open and goes on', async () => {
    const { advance, tried } = start((number) =>
      number === 3 ? Promise.reject(outage()) : Promise.resolve('applied'),
    );
    expect(await advance()).toMatchObject({
      state: 'done',
      done: 10,
      outcomes: { applied: 9, 'not-done': 1 },
    });
    expect(tried.filter((number) => number === 3)).toHaveLength(2);
  });

  test('leaves those behind that meet an outage five times, so that they stop no other', async () => {
    const first = start((number) => (number < 8 ? Promise.reject(outage()) : Promise.resolve('applied')));
    for (let tick = 1; tick <= 4; tick += 1)
      expect(await first.advance()).toMatchObject({ state: 'running', done: 0 });
    expect(await first.advance()).toMatchObject({ state: 'done', outcomes: { 'not-done': 8, applied: 2 } });
  });

  test('ends with the slice under way when it is stopped', async () => {
    const one = start((number) => {
      if (number === 0) one.change((now) => ({ ...now, state: 'stopped' }));
      return Promise.resolve('applied');
    });
    expect(await one.advance()).toMatchObject({ state: 'stopped', done: 8 });
    expect(await one.advance()).toMatchObject({ state: 'stopped', done: 8 });
  });

  test('hands itself on when its time is over, and keeps its rate', async () => {
    const { advance, tried, stored } = start(() => Promise.resolve('applied'), { perMinute: 60 });
    expect(await advance(1_500)).toMatchObject({ state: 'running', done: 2 });
    expect(stored().work).toMatchObject({ claimedUntil: 0, after: 2 });
    expect(stored().work.dueAt).toBeGreaterThan(Date.now());
    expect(tried).toEqual([0, 1]);
  });

  test('keeps no digest of an image, which it outlives', async () => {
    const detail = `id-reused: This id came before with the sha256 ${'1f'.repeat(32)}; these bytes have another.`;
    const { advance } = start(() => Promise.resolve('fails-again'), {}, detail);
    const { results } = (await advance())!;
    expect(results).toHaveLength(10);
    expect(results[0]!.detail).toBe(
      'id-reused: This id came before with the sha256 …; these bytes have another.',
    );
    expect(JSON.stringify(results)).not.toContain('1f1f');
  });
});
