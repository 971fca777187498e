import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { measureLag } from '../../../../functions/operations/measure-lag.ts';
import { hubs } from '../../../../shared/stream/hubs.ts';
import { silentLog } from '../../../support/silent-log.ts';
import { startOperations } from './support.ts';
import '../../../../functions/operations/index.ts';

let stack: Awaited<ReturnType<typeof startOperations>>;
beforeAll(async () => {
  stack = await startOperations();
  process.env['DARKROOM_DATABASE'] = 'postgres://nobody@127.0.0.1:9/none';
}, 180_000);
afterAll(() => stack.stop());

test('the lag is measured and shown while there is no database; what was done to readers is not known', async () => {
  await stack.pipeline.events.send(hubs.processing, { value: Buffer.from('x') });
  await measureLag(silentLog);
  const { status, body } = await stack.ask('GET', `/lag?hub=${hubs.processing}`);
  expect(status).toBe(200);
  expect(body).toMatchObject({ isComplete: false, hubs: [{ points: [{ events: 1 }] }] });
}, 120_000);
