import { EventEmitter } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import type sql from 'mssql';
import { streamRows } from '../../../../../shared/database/mssql/stream.ts';

/** A request of the driver, as far as it streams: it emits rows, then `error` or `done`. */
class Streaming extends EventEmitter {
  stream = false;
  readonly query = () => Promise.resolve();
  readonly pause = () => undefined;
  readonly resume = () => undefined;
  readonly cancel = () => undefined;
}

async function read(act: (request: Streaming) => void): Promise<unknown[]> {
  const request = new Streaming();
  const rows: unknown[] = [];
  void turn().then(() => act(request));
  for await (const batch of streamRows(request as unknown as sql.Request, 'SELECT 1')) rows.push(...batch);
  return rows;
}

test('gives the rows until the statement is done', async () => {
  const rows = await read((request) => {
    request.emit('row', { id: 1 });
    request.emit('row', { id: 2 });
    request.emit('done');
  });
  expect(rows).toEqual([{ id: 1 }, { id: 2 }]);
});

test('a deadlock amid the rows is an outage that trying again helps with', async () => {
  const deadlock = Object.assign(new Error('was deadlocked on lock resources'), { number: 1205 });
  await expect(read((request) => request.emit('error', deadlock))).rejects.toMatchObject({
    code: 'unavailable',
    retryable: true,
  });
});
