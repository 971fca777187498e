import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { LagHistory, Readers, StreamState } from '../../client/api-types.ts';
import { hour } from '../../shared/platform/clock.ts';
import { deriveImageId } from '../../shared/platform/image-id.ts';
import { retentionHours } from '../../shared/stream/hubs.ts';
import { eventually } from '../support/eventually.ts';
import { sampleImage } from '../support/sample-images.ts';
import { openKafkaClient } from './support/kafka-client.ts';
import { startPatience, startTestStack, type TestStack } from './support/stack.ts';

jest.setTimeout(240_000);

const hub = 'image-stream';
const source = '/shop';
/** The machine may do other things too. */
const patience = { within: 60_000, every: 500 };

let stack: TestStack;
let kafka: Awaited<ReturnType<typeof openKafkaClient>>;
beforeAll(async () => {
  stack = await startTestStack();
  kafka = await openKafkaClient(stack);
}, startPatience);
afterAll(async () => {
  await kafka.close();
  await stack.stop();
}, 60_000);

/** Sends an image under that id, always to the same partition, and says where it lies. */
async function send(id: string): Promise<{ partition: number; offset: string }> {
  const headers = {
    ...{ ce_specversion: '1.0', ce_type: 'darkroom.image.received', ce_id: id, ce_source: source },
    'content-type': 'image/png',
  };
  const [place] = await kafka.send([{ key: 'one-user', value: await sampleImage('png', 64, 64), headers }]);
  return place!;
}
const statusOf = async (id: string): Promise<string> =>
  (await stack.outcome(deriveImageId('cloudevent', source, id), patience.within)).status;

const ask = async <T>(path: string): Promise<T> =>
  (await (await stack.call('engineering', `/operations/${path}`)).json()) as T;
const readers = () => ask<Readers>('readers');

async function change(action: 'pause' | 'resume'): Promise<void> {
  const body = JSON.stringify({ hubs: [hub], reason: 'a test' });
  const request = { method: 'POST', headers: { 'content-type': 'application/json' }, body };
  expect((await stack.call('engineering', `/operations/readers/${action}`, request)).status).toBe(200);
}
const settled = () =>
  eventually(async () => {
    const { groups } = await ask<StreamState>('stream');
    return groups.find((group) => group.hub === hub)!.state === 'current' ? true : undefined;
  }, patience);
const logged = (event: string) => stack.lines.some((line) => line.includes(event));

describe('events that expire before they are read', () => {
  test('are one dead letter of a kind of its own, a line for the alert and a line of the page; later ones are read', async () => {
    await send('read');
    expect(await statusOf('read')).toBe('processed');
    await settled();
    await change('pause');
    // Longer than the state of a reader is remembered.
    await new Promise((resolve) => setTimeout(resolve, 6_000));
    const lost = [await send('lost-1'), await send('lost-2'), await send('lost-3')];
    stack.moveClock((retentionHours[hub] + 1) * hour);
    await eventually(async () => {
      const { groups } = await ask<StreamState>('stream');
      const { partitions } = groups.find((group) => group.hub === hub)!;
      return partitions.some(({ expired }) => expired === lost.length) ? true : undefined;
    }, patience);
    // What the host holds in memory is not lost: only with it are they.
    await stack.kill('functions', 'SIGKILL');
    await stack.listening('functions');
    await change('resume');
    await send('after');
    expect(await statusOf('after')).toBe('processed');

    const [first, last] = [lost[0]!, lost.at(-1)!];
    const message = `3 events (${first.offset} to ${last.offset}) expired before they were read.`;
    const { losses } = await eventually(async () => {
      const found = await readers();
      return found.losses.length > 0 ? found : undefined;
    }, patience);
    expect(losses).toMatchObject([{ hub, partition: String(first.partition), message }]);
    const { deadLetters } = await ask<{ deadLetters: { code: string; imageId: string | null }[] }>(
      'dead-letters?code=events-expired',
    );
    expect(deadLetters).toMatchObject([{ code: 'events-expired', imageId: null }]);
    expect(logged('events.expired')).toBe(true);
  });
});

describe('a hub that is made anew', () => {
  test('is read from its beginning, though the checkpoints of the one before are ahead of it, and it is said', async () => {
    await settled();
    await rm(join(stack.stateDir, 'event-hubs', 'hubs', hub), { recursive: true });
    await stack.kill('event-hubs', 'SIGKILL');
    await stack.listening('event-hubs');
    await stack.kill('functions', 'SIGKILL');
    await stack.listening('functions');
    // It comes by itself within a minute.
    await stack.runTimer('operationsTimer');
    const { offset } = await send('anew');
    expect(offset).toBe('0');
    expect(await statusOf('anew')).toBe('processed');
    const { changes } = await readers();
    expect(changes[0]).toMatchObject({ hub, action: 'restarted', actor: 'service:operations' });
    expect(logged('hub.made-anew')).toBe(true);
    const { marks } = await ask<LagHistory>(`lag?hub=${hub}&minutes=60`);
    expect(marks.map(({ kind, hub: of }) => [kind, of])).toContainEqual(['made-anew', hub]);
  });
});
