import { afterEach, expect, jest, test } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { day, hour } from '../../../../shared/platform/clock.ts';
import { eventually } from '../../../support/eventually.ts';
import { makeStoreTime } from '../../../../shared/platform/store-time.ts';

let server: Server | undefined;
afterEach(() => {
  jest.restoreAllMocks();
  server?.close();
});

/** A store that tells a time so far from the machine's, and refuses whoever is not signed in, as Azure does. */
async function storeAt(offset: number): Promise<string> {
  server = createServer((_, response) => {
    response.writeHead(403, { date: new Date(Date.now() + offset).toUTCString() }).end();
  });
  await new Promise<void>((listening) => server!.listen(0, '127.0.0.1', listening));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const near = (milliseconds: number): void => {
  expect(Math.abs(milliseconds)).toBeLessThan(3_000);
};

test.each([-3 * day, -2 * hour, 2 * hour, 10 * day])(
  'is the store’s, however far that is: %i ms',
  async (offset) => {
    const time = makeStoreTime();
    await time.follow(await storeAt(offset));
    near(time.now() - (Date.now() + offset));
    near((await time.measure())! + offset);
  },
);

test('goes on evenly when the machine’s clock is set', async () => {
  const time = makeStoreTime();
  await time.follow(await storeAt(0));
  const before = Date.now();
  jest.spyOn(Date, 'now').mockReturnValue(before + 3 * day);
  near(time.now() - before);
});

test('is asked for again when the machine slept, and its steady clock with it', async () => {
  const time = makeStoreTime();
  await time.follow(await storeAt(0));
  const [realNow, steady] = [Date.now.bind(Date), performance.now.bind(performance)];
  jest.spyOn(performance, 'now').mockImplementation(() => steady() + 6_000);
  near(time.now() - realNow() - 6_000);
  jest.spyOn(Date, 'now').mockImplementation(() => realNow() + 8 * hour);
  await eventually(() => {
    near(time.now() - Date.now());
    return true;
  });
});

test('is the machine’s to the millisecond where the two agree', async () => {
  const time = makeStoreTime();
  await time.follow(await storeAt(0));
  const before = Date.now();
  const told = time.now();
  expect(told).toBeGreaterThan(before - 50);
  expect(told).toBeLessThan(Date.now() + 50);
});

test('is the machine’s where no store answers', async () => {
  const time = makeStoreTime();
  expect(await time.measure()).toBeUndefined();
  await time.follow('http://127.0.0.1:1');
  near(time.now() - Date.now());
});
