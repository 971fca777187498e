import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { InvocationContext, type Timer } from '@azure/functions';
import { purge } from '../../../../functions/purge/purge-timer.ts';
import '../../../../functions/purge/index.ts';
import { day, hour } from '../../../../shared/platform/clock.ts';
import { imageDigest } from '../../../../shared/platform/image-id.ts';
import { startImageFunctions, type ImageFunctions } from '../../../support/image-functions.ts';

let functions: ImageFunctions;
beforeAll(async () => {
  functions = await startImageFunctions();
  // The log takes no file any more.
  const { ledger } = functions.stores;
  process.env['DARKROOM_LEDGER_STORAGE'] = ledger.replace(/sig=[^&;]*/, 'sig=bm9uZQ%3D%3D');
}, 180_000);
afterAll(() => functions.close());
beforeEach(() => functions.moveClock(0));

const erasuresOf = (id: string) =>
  functions.database.query('operations', 'purges', {
    where: [{ column: 'image_digest', operator: '=', value: imageDigest(id) }],
  });

test('a timer that cannot publish has erased what was due, and says so', async () => {
  const id = await functions.images.make('ann', 'processed');
  functions.moveClock(7 * day + hour);
  const lines: string[] = [];
  const logHandler = (level: string, message: unknown) => void lines.push(`${level} ${String(message)}`);
  await purge({} as Timer, new InvocationContext({ functionName: 'purge', logHandler }));
  expect(await erasuresOf(id)).toMatchObject([{ kind: 'retention', blobs: 2 }]);
  expect(lines.filter((line) => /^error .*"purge\.not-published"/.test(line))).toHaveLength(1);
});

test('an engineer is answered what was erased, published or not', async () => {
  const id = await functions.images.make('ann', 'processed');
  functions.moveClock(7 * day + hour);
  const headers = await functions.as('eve', 'Engineering');
  const answer = await functions.send('POST', '/api/operations/purge', { headers, json: {} });
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({ purge: { erased: 1 } });
  expect(await erasuresOf(id)).toHaveLength(1);
});
