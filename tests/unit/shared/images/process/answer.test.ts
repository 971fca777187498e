import { beforeAll, describe, expect, test } from '@jest/globals';
import { inMemory } from '../../../../../shared/images/process/file/in-memory.ts';
import { DarkroomError } from '../../../../../shared/platform/errors.ts';
import {
  asFailure,
  fromFailure,
  type Answer,
  type WorkerSettings,
} from '../../../../../shared/images/process/protocol.ts';
import type { ProcessedImage } from '../../../../../shared/images/process/ports.ts';
import { answerTo } from '../../../../../shared/images/process/answer.ts';
import { declaredVariants } from '../../../../support/declared-variants.ts';
import { sampleImage } from '../../../../support/sample-images.ts';

const settings: WorkerSettings = { maxPixels: 1_000_000, timeoutMs: 20_000, memoryMb: 512, engine: 'native' };

const answer = (bytes: Uint8Array, changed: Partial<WorkerSettings> = {}): Promise<Answer<ProcessedImage>> =>
  answerTo(() => inMemory(Buffer.from(bytes)), { settings: { ...settings, ...changed } }) as Promise<
    Answer<ProcessedImage>
  >;

describe('a worker', () => {
  let png: Buffer;
  beforeAll(async () => {
    png = await sampleImage('png', 60, 40);
  });

  test('answers with what all processors made of the image', async () => {
    const made = await answer(png);
    if (!('result' in made)) throw new Error(made.failure.message);
    const { header, variants } = made.result;
    expect(header).toMatchObject({ contentType: 'image/png', width: 60, height: 40 });
    expect(variants.map(({ name }) => name).sort()).toEqual(await declaredVariants());
    expect(variants.every(({ bytes }) => bytes.byteLength > 0)).toBe(true);
  });

  test.each([
    ['is no image', Buffer.from('words that are no image at all, whatever'), {}, 'unsupported-type'],
    ['has more pixels than are accepted', undefined, { maxPixels: 60 * 40 - 1 }, 'image-too-many-pixels'],
    ['needs more memory than one image may', undefined, { memoryMb: 0 }, 'image-too-many-pixels'],
  ] as const)(
    'answers with the code of what is wrong where a file %s',
    async (_title, bytes, changed, code) => {
      expect(await answer(bytes ?? png, changed)).toMatchObject({ failure: { code } });
    },
  );
});

describe('an error on its way between processes', () => {
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
