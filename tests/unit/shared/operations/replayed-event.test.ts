import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import type { DeadLetterRow } from '../../../../shared/operations/dead-letters.ts';
import { replayedEvent } from '../../../../shared/operations/replayed-event.ts';
import { hubs } from '../../../../shared/stream/hubs.ts';
import type { DeadRecord } from '../../../../shared/stream/record.ts';

/* What a dead letter becomes on its way back: nothing of an image goes into a hub again. */

const png = Buffer.from('89504e470d0a1a0a', 'hex');
const maxBytes = 4_711;
const enqueuedAt = new Date('2026-06-30T10:00:00.000Z');
const imageId = randomUUID();
const row = {
  origin_hub: hubs.stream,
  origin_partition: '3',
  origin_offset: '77',
  image_id: imageId,
} as DeadLetterRow;
const event = (more: Record<string, string> = {}) => ({
  ...{ ce_specversion: '1.0', ce_type: 'darkroom.image.received', ce_id: 'e-1', ce_source: '/app' },
  ...{ 'content-type': 'image/png', ...more },
});

/** What was put into the store while the event was made, and what it says. */
async function replayed(headers: Record<string, string>, isStored: boolean) {
  const stored: unknown[] = [];
  const record: DeadRecord = { key: 'ann', value: png, headers, enqueuedAt };
  const storage = {
    rawOrigin: () => Promise.resolve(isStored ? {} : undefined),
    storeRaw: (...all: unknown[]) => Promise.resolve(stored.push(all)),
  };
  const { value } = await replayedEvent(
    {
      ...{ storage: storage as never, reader: { find: () => Promise.resolve(undefined) } },
      ...{ clock: { now: () => new Date() }, maxBytes },
    },
    row,
    record,
  );
  return { stored, event: JSON.parse(Buffer.from(value).toString()) as Record<string, unknown> };
}

test('bytes that are stored already are not stored again', async () => {
  expect((await replayed(event(), true)).stored).toEqual([]);
});

test('bytes that are not are stored under the id and time that they came with, within the limit', async () => {
  const { stored } = await replayed(event({ ce_correlationid: 'order-12' }), false);
  expect(stored).toHaveLength(1);
  const [origin, , bytes, limits] = stored[0] as [unknown, unknown, Uint8Array, unknown];
  expect(origin).toEqual({
    ...{ imageId, owner: 'ann', correlationId: 'order-12', source: 'kafka', uploadedAt: enqueuedAt },
    sender: { id: 'e-1', source: '/app' },
  });
  expect([Buffer.from(bytes), limits]).toEqual([png, { maxBytes }]);
});

test('the correlation id of the producer is kept; where there was none, it is the image', async () => {
  expect((await replayed(event({ ce_correlationid: 'order-12' }), true)).event['correlationid']).toBe(
    'order-12',
  );
  expect((await replayed(event(), true)).event['correlationid']).toBe(imageId);
});
