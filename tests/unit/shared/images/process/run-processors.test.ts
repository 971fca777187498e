import { describe, expect, test } from '@jest/globals';
import { inMemory } from '../../../../../shared/images/process/file/in-memory.ts';
import type { Engine, Picture } from '../../../../../shared/images/process/engine/port.ts';
import type { Image, ImageHeader, Needs, Processor } from '../../../../../shared/images/process/ports.ts';
import { runProcessors } from '../../../../../shared/images/process/run-processors.ts';
import { DarkroomError } from '../../../../../shared/platform/errors.ts';

const header: ImageHeader = {
  ...{ contentType: 'image/png', width: 4_000, height: 3_000, frames: 1, orientation: 1 },
  ...{ isInterlaced: false, bytesPerPixel: 3 },
};
const file = inMemory(Buffer.from('a file'));

/** An engine that tells what is asked of it: real ones do not show what they were spared. */
function countingEngine(failure?: Error) {
  const asked: string[] = [];
  const picture = (width: number, height: number): Picture => ({
    ...{ width, height, channels: 4, data: Buffer.alloc(4, asked.length) },
  });
  const encoded = (type: string) =>
    ({ bytes: Buffer.from(type), contentType: type, width: 7, height: 5 }) as never;
  const engine: Engine = {
    name: 'native',
    decodes: ['image/png', 'image/gif'],
    open: (_bytes, { width: across, height: down, frames }) =>
      Promise.resolve({
        ...{ width: across, height: down, frames },
        decode: ({ width, height }) => {
          asked.push(`decode ${width}x${height}`);
          return Promise.resolve({ picture: picture(width, height), isPartial: false });
        },
        decodeFrames: ({ width, height }) => {
          asked.push(`frames ${width}x${height}`);
          return Promise.resolve([40, 60].map((delayMs) => ({ picture: picture(width, height), delayMs })));
        },
      }),
    scale: (from, { width, height }) => {
      asked.push(`scale ${from.width}x${from.height} to ${width}x${height}`);
      return Promise.resolve(picture(width, height));
    },
    toImage: ({ width, height, data }) => ({ bitmap: { width, height, data } }) as Image,
    encode: (_image, { contentType = 'image/jpeg' }) => {
      asked.push(`encode ${contentType}`);
      return failure === undefined ? Promise.resolve(encoded(contentType)) : Promise.reject(failure);
    },
    encodeFrames: (frames, { contentType = 'image/webp' }) => {
      asked.push(`encode ${frames.length} frames`);
      return Promise.resolve(encoded(contentType));
    },
  };
  return { engine, asked };
}

const inside = (side: number): Needs => ({ width: side, height: side, fit: 'inside' });
const processor = (name: string, rest: Partial<Processor> = {}): Processor => ({
  ...{ name, version: '2', variants: [name], needs: inside(400) },
  process: (image) => ({ variants: [{ name, image }] }),
  ...rest,
});
const run = (processors: readonly Processor[], of: Partial<ImageHeader> = {}, engine = countingEngine()) =>
  runProcessors(engine.engine, processors, file, { ...header, ...of }).then((result) => ({
    result,
    ...engine,
  }));

describe('all processors of an image', () => {
  test('cost one decode, at the largest size that one needs, and a scaling from the next larger for each', async () => {
    const { asked } = await run([
      processor('small', { needs: inside(100) }),
      processor('large', { needs: inside(1_600) }),
      processor('middle', { needs: inside(400) }),
    ]);
    expect(asked.filter((one) => !one.startsWith('encode'))).toEqual([
      'decode 1600x1200',
      'scale 1600x1200 to 400x300',
      'scale 400x300 to 100x75',
    ]);
  });

  test('that need one size share its pixels and each have a copy of them', async () => {
    const images: Image[] = [];
    const keep = (image: Image) => {
      images.push(image);
      image.bitmap.data.fill(9);
      return {};
    };
    const untouched: number[] = [];
    const look = (image: Image) => {
      untouched.push(image.bitmap.data[0]!);
      return {};
    };
    const { asked } = await run([processor('one', { process: keep }), processor('other', { process: look })]);
    expect(asked).toEqual(['decode 400x300']);
    expect([images.length, untouched]).toEqual([1, [1]]);
  });

  test('are told apart by width and by height', async () => {
    const tall = { width: 400, height: 4_000, fit: 'cover' } as const;
    const { asked } = await run([
      processor('a', { needs: { width: 400, height: 1, fit: 'cover' } }),
      processor('b', { needs: tall }),
    ]);
    expect(asked.filter((one) => !one.startsWith('encode'))).toEqual([
      'decode 4000x3000',
      'scale 4000x3000 to 400x300',
    ]);
  });

  test('answer with their variants and facts, each with who made it', async () => {
    const facts = { hash: 'abc', colour: null };
    const { result } = await run([
      processor('one'),
      processor('two', { version: '7', process: () => ({ facts }) }),
      processor('three', { process: () => ({}) }),
    ]);
    const by = (name: string, processorVersion: string) => ({ processor: name, processorVersion });
    expect(result).toEqual({
      header,
      variants: [
        {
          ...{
            name: 'one',
            bytes: Buffer.from('image/jpeg'),
            contentType: 'image/jpeg',
            width: 7,
            height: 5,
          },
          ...by('one', '2'),
        },
      ],
      facts: [
        { name: 'hash', value: 'abc', ...by('two', '7') },
        { name: 'colour', value: null, ...by('two', '7') },
      ],
    });
  });

  test('are not run over a type that the engine cannot decode', async () => {
    await expect(run([processor('one')], { contentType: 'image/avif' })).rejects.toMatchObject({
      code: 'unsupported-type',
    });
  });
});

describe('what a processor makes', () => {
  const variantsOf = async (made: object) => {
    const { result, asked } = await run([
      processor('one', { process: () => ({ variants: [made as never] }) }),
    ]);
    return { variants: result.variants, asked };
  };

  test('may be bytes that it encoded itself, which stay as they are', async () => {
    const own = { bytes: Buffer.from('x'), contentType: 'text/plain', width: 3, height: 2 };
    const { variants, asked } = await variantsOf({ name: 'one', ...own, more: 'not kept' });
    expect(variants).toEqual([{ name: 'one', ...own, processor: 'one', processorVersion: '2' }]);
    expect(asked).toEqual(['decode 400x300']);
  });

  test('may be a picture in a type of its choice, or frames', async () => {
    const image = { bitmap: {} };
    expect((await variantsOf({ name: 'one', image, contentType: 'image/gif' })).asked).toContain(
      'encode image/gif',
    );
    expect((await variantsOf({ name: 'one', frames: [{ image }, { image }] })).asked).toContain(
      'encode 2 frames',
    );
  });

  test('may be only what it lists', async () => {
    await expect(variantsOf({ name: 'other', image: {} })).rejects.toMatchObject({
      ...{ code: 'processor-failed', details: { processor: 'one', version: '2' } },
      message: expect.stringContaining('it made other, which its variants do not list'),
    });
  });
});

describe('a processor that fails', () => {
  const failing = (error: unknown) =>
    processor('sepia', {
      process: () => {
        throw error;
      },
    });

  test.each([
    ['an error', new Error('no such filter'), /^The processor sepia 2 failed: no such filter$/],
    ['anything else', 'words', /^The processor sepia 2 failed: words$/],
  ])('with %s is named with its version', async (_title, error, message) => {
    await expect(run([failing(error)])).rejects.toMatchObject({
      ...{ code: 'processor-failed', message: expect.stringMatching(message), cause: error },
      details: { processor: 'sepia', version: '2' },
    });
  });

  test.each([
    ['of ours stays what it is', new DarkroomError('processing-timeout', 'm'), 'processing-timeout'],
    ['of an encoder is the processor that asked for it', new Error('bad pixels'), 'processor-failed'],
  ])('while its picture is encoded: an error %s', async (_title, error, code) => {
    await expect(run([processor('one')], {}, countingEngine(error))).rejects.toMatchObject({ code });
  });

  test('fails the image, though others are still being encoded', async () => {
    const engine = countingEngine(new Error('bad pixels'));
    await expect(run([processor('one'), failing(new Error('first'))], {}, engine)).rejects.toThrow('sepia 2');
  });
});

describe('an animation', () => {
  const animated = (isAnimated?: boolean) => {
    const seen: number[][] = [];
    const one = processor('one', {
      process: (image, { frames, header: told }) => {
        seen.push([frames.length, frames.at(-1)!.delayMs, told.frames]);
        expect(frames[0]!.image).toBe(image);
        return {};
      },
      ...(isAnimated === undefined ? {} : { animated: isAnimated }),
    });
    return { one, seen };
  };

  test('is given in all its frames to a processor that wants them', async () => {
    const { one, seen } = animated(true);
    const { asked } = await run([one], { contentType: 'image/gif', frames: 2 });
    expect([asked, seen]).toEqual([['decode 400x300', 'frames 400x300'], [[2, 60, 2]]]);
  });

  test('is its first frame to every other', async () => {
    const { one, seen } = animated();
    const { asked } = await run([one], { contentType: 'image/gif', frames: 2 });
    expect([asked, seen]).toEqual([['decode 400x300'], [[1, 0, 2]]]);
  });

  test('of one frame is a picture', async () => {
    const { one, seen } = animated(true);
    await run([one], { contentType: 'image/gif' });
    expect(seen).toEqual([[1, 0, 1]]);
  });
});
