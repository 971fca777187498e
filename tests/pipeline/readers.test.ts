import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { personas } from '../../infra/local/identity/personas.ts';
import type { ReaderMoves, Readers, ReaderResults, StreamState } from '../../client/api-types.ts';
import { eventually } from '../support/eventually.ts';
import { sampleImage } from '../support/sample-images.ts';
import { darkroom } from './support/cli.ts';
import { startPatience, startTestStack, type TestStack } from './support/stack.ts';

jest.setTimeout(180_000);
const me = personas['engineering']!.oid;

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
}, startPatience);
afterAll(() => stack.stop(), 60_000);

async function cli<T>(...words: string[]): Promise<T> {
  const { code, stdout, stderr } = await darkroom(stack, ...words, '--json');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout) as T;
}

async function upload(): Promise<string> {
  const response = await stack.call('uploader', '/images', {
    method: 'POST',
    headers: { 'content-type': 'image/png' },
    body: new Uint8Array(await sampleImage('png', 64, 64)),
  });
  expect(response.status).toBe(202);
  const { images } = (await response.json()) as { images: { id: string }[] };
  return images[0]!.id;
}

const statusOf = async (id: string): Promise<string> =>
  ((await (await stack.call('uploader', `/images/${id}`)).json()) as { status: string }).status;

const readerOf = async (hub: string) =>
  (await cli<Readers>('readers', 'list')).readers.find((one) => one.hub === hub)!;

async function groupOf(hub: string) {
  const answer = await stack.call('engineering', '/operations/stream');
  return ((await answer.json()) as StreamState).groups.find((one) => one.hub === hub)!;
}

const hub = 'image-processing';

/** Longer than a host remembers the state of a reader. */
const pausesAreSeen = () => sleep(6_000);

describe('a reader that is paused', () => {
  test('says who, why and until when, and is only paused with a reason and without --dry-run', async () => {
    const dry = await cli<ReaderResults>('readers', 'pause', hub, '--dry-run');
    expect(dry).toMatchObject({ dryRun: true, results: [{ hub, outcome: 'changed' }] });
    expect((await darkroom(stack, 'readers', 'pause', hub, '--json')).code).toBe(1);
    expect((await readerOf(hub)).pause).toBeNull();

    await cli('readers', 'pause', hub, '--reason', 'a bad release', '--remind-after', '30');
    const { pause } = await readerOf(hub);
    expect(pause).toMatchObject({ actor: me, reason: 'a bad release', isHold: false });
    expect(Date.parse(pause!.remindAt!) - Date.parse(pause!.since)).toBe(30 * 60_000);
  });

  let waiting: string;
  test('leaves its events where they are: the batch waits, the checkpoint stays', async () => {
    await pausesAreSeen();
    const before = await groupOf(hub);
    waiting = await upload();
    await eventually(async () => ((await statusOf(waiting)) === 'stored' ? true : undefined));
    // Longer than processing takes.
    await sleep(5_000);
    expect(await statusOf(waiting)).toBe('stored');
    const after = await groupOf(hub);
    expect(after).toMatchObject({ state: 'behind', events: 1 });
    const checkpoints = (group: typeof after) => group.partitions.map(({ checkpoint }) => checkpoint);
    expect(checkpoints(after)).toEqual(checkpoints(before));
    const { deadLetters } = await cli<{ deadLetters: unknown[] }>('dead-letters', 'list');
    expect(deadLetters).toEqual([]);
  });

  test('leaves the other readers alone', async () => {
    expect((await readerOf('image-stream')).pause).toBeNull();
    expect(await cli<ReaderResults>('readers', 'resume', 'image-stream', '--reason', 'x')).toMatchObject({
      results: [{ hub: 'image-stream', outcome: 'unchanged' }],
    });
  });

  test('goes on without a restart when it is resumed, and nothing is lost', async () => {
    await cli('readers', 'resume', hub, '--reason', 'rolled back');
    expect((await stack.outcome(waiting)).status).toBe('processed');
    const { changes } = await cli<Readers>('readers', 'list');
    expect(changes.map(({ action, actor, reason }) => [action, actor, reason])).toEqual([
      ['resumed', me, 'rolled back'],
      ['paused', me, 'a bad release'],
    ]);
  });
});

describe('a bulk re-run that is stopped', () => {
  test('leaves the images that it had not come to as they are, and a later one runs', async () => {
    const id = await upload();
    expect((await stack.outcome(id)).status).toBe('processed');
    const reruns = async () =>
      (await stack.outcome(id)).timeline.filter(({ event }) => event === 'reprocessed').length;
    await cli('readers', 'pause', 'image-reprocessing', '--reason', 'to see it wait');
    await pausesAreSeen();
    await cli('reprocess', id, '--reason', 'one');
    await cli('reprocess', '--stop', '--reason', 'the wrong processor');
    await cli('readers', 'resume', 'image-reprocessing', '--reason', 'stopped');
    await eventually(
      () =>
        stack.lines.some((line) => line.includes('image.rerun-stopped') && line.includes(id))
          ? true
          : undefined,
      { within: 60_000 },
    );
    expect(await reruns()).toBe(0);
    await cli('reprocess', id, '--reason', 'two');
    await eventually(
      () =>
        stack.lines.some((line) => line.includes('image.processed') && line.includes(id)) ? true : undefined,
      { within: 60_000 },
    );
    expect((await stack.outcome(id)).status).toBe('processed');
  });
});

describe('the checkpoint of a reader', () => {
  const moved = (...words: string[]) => cli<ReaderMoves>('readers', 'move', hub, ...words);
  const total = ({ moves }: ReaderMoves) => ({
    again: moves.reduce((sum, one) => sum + one.again, 0),
    skipped: moves.reduce((sum, one) => sum + one.skipped, 0),
  });
  const handled = (id: string) =>
    stack.lines.filter((line) => line.includes('image.processed') && line.includes(id)).length;

  test('is not moved while the reader reads; what would be read again is said all the same', async () => {
    const dry = await moved('--to', 'beginning', '--dry-run');
    expect(total(dry)).toEqual({ again: 2, skipped: 0 });
    const { code, stdout } = await darkroom(
      ...([stack, 'readers', 'move', hub, '--to', 'beginning', '--reason', 'x', '--json'] as const),
    );
    expect(code).toBe(1);
    expect(stdout).toContain('wrong-state');
  });

  test('is moved to the end of a paused reader, whose waiting event is skipped by the running host', async () => {
    await cli('readers', 'pause', hub, '--reason', 'to skip one');
    await pausesAreSeen();
    const skipped = await upload();
    await eventually(async () => ((await groupOf(hub)).events === 1 ? true : undefined), { within: 30_000 });
    // The host has it in memory, and tries it again and again.
    await sleep(5_000);
    expect(total(await moved('--to', 'end', '--dry-run'))).toEqual({ again: 0, skipped: 1 });
    expect(total(await moved('--to', 'end', '--reason', 'poison'))).toEqual({ again: 0, skipped: 1 });
    expect((await groupOf(hub)).events).toBe(0);
    await cli('readers', 'resume', hub, '--reason', 'skipped');
    const after = await upload();
    expect((await stack.outcome(after, 120_000)).status).toBe('processed');
    expect(await statusOf(skipped)).toBe('stored');

    await cli('readers', 'pause', hub, '--reason', 'to read it after all');
    await pausesAreSeen();
    const back = await moved('--to', 'beginning', '--reason', 'it was no poison');
    expect(total(back)).toEqual({ again: 4, skipped: 0 });
    expect(handled(skipped)).toBe(0);
    await cli('readers', 'resume', hub, '--reason', 'moved');
    await eventually(async () => ((await statusOf(skipped)) === 'processed' ? true : undefined), {
      within: 120_000,
      every: 500,
    });
    const { changes } = await cli<Readers>('readers', 'list');
    expect(changes.filter(({ action }) => action === 'moved')).toContainEqual(
      expect.objectContaining({ actor: me, reason: 'it was no poison' }),
    );
  });
});
