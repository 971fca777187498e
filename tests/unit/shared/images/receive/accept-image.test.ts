import { describe, expect, test } from '@jest/globals';
import { flowOf } from '../../../../../shared/images/process/lanes.ts';
import { makeAcceptImage } from '../../../../../shared/images/receive/accept-image.ts';
import type { StorageWriter } from '../../../../../shared/images/store/ports.ts';
import type { Origin } from '../../../../../shared/platform/image-origin.ts';
import { hubs } from '../../../../../shared/stream/hubs.ts';
import { randomImageId } from '../../../../../shared/platform/image-id.ts';
import { recordingSender } from '../../../../support/sent-events.ts';
import { silentLog } from '../../../../support/silent-log.ts';

function setUp() {
  const { sender: events, sent } = recordingSender();
  const storage = {
    recordStored: () => Promise.resolve('created'),
    statusOf: () => Promise.resolve('stored'),
  } as unknown as StorageWriter;
  const accept = makeAcceptImage({ storage, events, maxPixels: 1e9, log: silentLog });
  const originOf = (owner: string): Origin => ({
    ...{ imageId: randomImageId(), owner, source: 'http', uploadedAt: new Date(0), correlationId: 'c' },
  });
  const facts = { contentType: 'image/jpeg', bytes: 1, sha256: '00' };
  return {
    sent,
    photo: (owner: string) => accept.record(originOf(owner), { ...facts, width: 4_032, height: 3_024 }),
    picture: (owner: string) =>
      accept.record(originOf(owner), { ...facts, contentType: 'image/png', width: 7_000, height: 7_000 }),
    again: (owner: string) => accept.resume(originOf(owner)),
    hubsOf: () => sent.map(({ hub }) => hub),
  };
}

describe('where an image waits to be processed', () => {
  test('is the ordinary hub for a photo, and the slow one for what is slow by its header', async () => {
    const { photo, picture, hubsOf } = setUp();
    await photo('ann');
    await picture('ann');
    expect(hubsOf()).toEqual([hubs.processing, hubs.slow]);
  });

  test('is the slow hub for what is sent again and of which nobody knows how slow it is', async () => {
    const { again, hubsOf, sent } = setUp();
    await again('ann');
    expect(hubsOf()).toEqual([hubs.slow]);
    expect(JSON.parse(Buffer.from(sent[0]!.event.value).toString())).not.toHaveProperty('estimatedMs');
  });

  test('is a few partitions of the slow hub for one owner, who is not named there', async () => {
    const { picture, sent } = setUp();
    for (let count = 0; count < 50; count += 1) await picture('ann@example.org');
    const keys = new Set(sent.map(({ event }) => event.key));
    expect([...keys].sort()).toEqual([0, 1, 2, 3].map((each) => `${flowOf('ann@example.org')}-${each}`));
    expect(sent.map(({ event }) => Buffer.from(event.value).toString()).join()).not.toContain('ann@');
  });
});
