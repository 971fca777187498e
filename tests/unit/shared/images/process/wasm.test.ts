import { expect, test } from '@jest/globals';
import { wasmDecoder, type EmscriptenOptions } from '../../../../../shared/images/process/engine/wasm.ts';
import { corrupt } from '../../../../../shared/images/process/header/faults.ts';

const failing = (...failures: (Error | undefined)[]) =>
  wasmDecoder('libheif.wasm', (_options: EmscriptenOptions) => {
    const failure = failures.shift();
    if (failure) throw failure;
    return 'a library';
  });
const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.catch((error: unknown) => (error as { code: string }).code);

test('a decoder that could not be loaded is no fault of the image, and is loaded with the next one', async () => {
  const decode = failing(new Error('EMFILE: too many open files, open libheif.wasm'), undefined);
  expect(await codeOf(decode((library) => library))).toBe('unavailable');
  expect(await decode((library) => library)).toBe('a library');
});

test('a decoder for which there is no memory is not loaded', async () => {
  const decode = failing(new RangeError('WebAssembly.Instance(): Out of memory'));
  expect(await codeOf(decode((library) => library))).toBe('processing-memory');
});

test.each([
  ['says what is wrong with the file', corrupt('its decoder cannot read it'), 'image-corrupt'],
  ['is refused memory', new Error('Aborted(Cannot enlarge memory arrays)'), 'processing-memory'],
  ['crashes', new Error('memory access out of bounds'), 'processing-crashed'],
])('a decoder that %s ends the image with that', async (_title, thrown, code) => {
  const decode = failing();
  expect(
    await codeOf(
      decode(() => {
        throw thrown;
      }),
    ),
  ).toBe(code);
});
