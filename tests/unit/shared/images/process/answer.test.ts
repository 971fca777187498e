import { once } from 'node:events';
import { MessageChannel } from 'node:worker_threads';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { DarkroomError } from '../../../../../shared/platform/errors.ts';
import {
  asFailure,
  fromFailure,
  ownBuffers,
  type Answer,
  type WorkerSettings,
} from '../../../../../shared/images/process/protocol.ts';
import work from '../../../../../shared/images/process/worker.ts';
import { declaredVariants } from '../../../../support/declared-variants.ts';
import { sampleImage } from '../../../../support/sample-images.ts';

const settings: WorkerSettings = { maxPixels: 1_000_000, timeoutMs: 20_000, memoryMb: 512, engine: 'native' };

async function answerTo(bytes: Uint8Array, changed: Partial<WorkerSettings> = {}): Promise<Answer> {
  const { port1, port2 } = new MessageChannel();
  const closed = once(port1, 'close');
  const answer = once(port1, 'message') as Promise<[Answer]>;
  await work({ bytes, settings: { ...settings, ...changed }, reply: port2 });
  const [message] = await answer;
  await closed;
  return message;
}

describe('a worker', () => {
  let png: Buffer;
  beforeAll(async () => {
    png = await sampleImage('png', 60, 40);
  });

  test('answers with what all processors made of the image, and closes its port', async () => {
    const answer = await answerTo(png);
    if (!('result' in answer)) throw new Error(answer.failure.message);
    const { header, variants } = answer.result;
    expect(header).toMatchObject({ contentType: 'image/png', width: 60, height: 40 });
    expect(variants.map(({ name }) => name).sort()).toEqual(await declaredVariants());
    expect(variants.every(({ bytes }) => bytes.byteLength > 0)).toBe(true);
  });

  test.each([
    ['is no image', Buffer.from('words that are no image at all, whatever'), {}, 'unsupported-type'],
    ['has more pixels than are accepted', undefined, { maxPixels: 60 * 40 - 1 }, 'image-too-many-pixels'],
    ['needs more memory than one image may', undefined, { memoryMb: 0 }, 'processing-memory'],
  ] as const)(
    'answers with the code of what is wrong where a file %s',
    async (_title, bytes, changed, code) => {
      expect(await answerTo(bytes ?? png, changed)).toMatchObject({ failure: { code } });
    },
  );
});

describe('an error on its way between threads', () => {
  test('keeps its code, words, details, and where it came from', () => {
    const cause = new Error('libvips says no');
    const error = new DarkroomError('image-corrupt', 'It is corrupt.', { cause, details: { width: 7 } });
    const back = fromFailure(structuredClone(asFailure(error)));
    expect(back).toMatchObject({ code: 'image-corrupt', message: 'It is corrupt.', details: { width: 7 } });
    expect(back.cause).toBe(cause.stack);
  });

  test('has no cause where it had none', () => {
    const back = fromFailure(asFailure(new DarkroomError('image-corrupt', 'm')));
    expect('cause' in back).toBe(false);
    expect(
      fromFailure(asFailure(new DarkroomError('image-corrupt', 'm', { cause: 'words' }))).cause,
    ).toBeUndefined();
  });

  test('that nobody foresaw is internal', () => {
    expect(asFailure(new TypeError('a bug'))).toMatchObject({ code: 'internal' });
  });
});

describe('bytes that are handed to another thread', () => {
  test('take their memory along where it is all theirs', () => {
    const own = new Uint8Array(1_000);
    expect(ownBuffers([own])).toEqual([own.buffer]);
  });

  test('are copied where the memory holds other things too, or is shared', () => {
    const part = new Uint8Array(1_000).subarray(1);
    const shared = new Uint8Array(new SharedArrayBuffer(8));
    expect(ownBuffers([part, Buffer.from('pooled'), shared])).toEqual([]);
  });

  test('are named once, however often they come', () => {
    const own = new Uint8Array(8);
    expect(ownBuffers([own, own])).toHaveLength(1);
  });
});
