import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import sharp, { type Sharp } from 'sharp';
import { decodingFailure } from '../../../../../shared/images/process/engine/failures.ts';
import { createProcessing } from '../../../../../shared/images/process/pool.ts';
import type { Processing } from '../../../../../shared/images/process/ports.ts';
import { isRejection } from '../../../../../shared/images/process/rejections.ts';
import { fromFailure, type WorkerSettings } from '../../../../../shared/images/process/protocol.ts';
import { WorkerProcess } from '../../../../../shared/images/process/worker-process.ts';
import { eventually } from '../../../../support/eventually.ts';
import { imagePath } from '../../../../support/image-path.ts';
import { jpegPhoto } from '../../../../support/photos.ts';
import { processingLimits } from '../../../../support/processing-limits.ts';
import { sampleImage } from '../../../../support/sample-images.ts';
import { missingLinux, suiteUnless } from '../../../../support/skip-unless.ts';

/** Workers start slowly where everything runs at once. */
jest.setTimeout(120_000);

const linux = suiteUnless(missingLinux);
const mebibyte = 2 ** 20;
const fixture = (name: string): Buffer =>
  readFileSync(fileURLToPath(new URL(`../../../../fixtures/images/${name}`, import.meta.url)));

const dataBytes = (pid: number): number =>
  Number(/^VmData:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) * 1024;
/** What other images left behind: the process gets so much more and nothing else. */
const leave = (pid: number, bytes: number): unknown =>
  execFileSync('prlimit', ['--pid', String(pid), `--data=${dataBytes(pid) + bytes}`]);

describe('what a library says where there is no memory', () => {
  test.each([
    ['libvips', 'vips_tracked: out of memory --- size == 48MB'],
    ['libjpeg', 'VipsJpeg: Insufficient memory (case 4)'],
    ['libpng', 'pngload_buffer: Out of memory'],
    ['libtiff', 'tiff2vips: TIFFFillStrip: failed to allocate 1048576 bytes'],
    ['libtiff, of a strip', 'tiff2vips: No space for data buffer at scanline 768'],
    ['libtiff, of its directory', 'TIFFFetchDirectory: No space to read TIFF directory'],
    ['libtiff, of LZW', "LZWSetupDecode: Can't allocate LZW tables"],
    ['libheif', 'heif: Memory allocation error: Unspecified (6.0)'],
    ['C++', 'std::bad_alloc'],
    ['GLib', 'glib: Error creating thread: Resource temporarily unavailable'],
    ['Emscripten', 'Aborted(Cannot enlarge memory arrays to size 2147483648 bytes)'],
    ['V8, of a buffer', new RangeError('Array buffer allocation failed')],
    ['V8, of WebAssembly', new RangeError('WebAssembly.Memory(): could not allocate memory')],
    ['WebAssembly', new RangeError('WebAssembly.Instance(): Out of memory: Cannot allocate Wasm memory')],
    ['the system', new Error('ENOMEM: not enough memory, read')],
  ])('is no fault of the file: %s', (_title, thrown) => {
    const failure = decodingFailure(typeof thrown === 'string' ? new Error(thrown) : thrown);
    expect([failure.code, isRejection(failure)]).toEqual(['processing-memory', false]);
  });

  test.each([
    'heif: Memory allocation error: Security limit exceeded: Allocating 5 GB exceeds the security limit',
    'tiff2vips: Memory allocation of 9 bytes is beyond the 5 byte limit defined in open options',
  ])('is the file’s where the library has a limit of its own: %s', (message) => {
    expect(decodingFailure(new Error(message)).code).toBe('image-too-complex');
  });
});

linux('an image that is refused memory', () => {
  const settings: WorkerSettings = {
    ...{ maxPixels: 50_000_000, timeoutMs: 60_000, memoryMb: 512, engine: 'native' },
  };
  let large: Sharp;
  let worker: WorkerProcess;
  beforeAll(async () => {
    large = sharp(await jpegPhoto(2400, 1600));
  });
  afterEach(() => worker.end());

  const files: readonly (readonly [string, () => Promise<Buffer>])[] = [
    ['JPEG', () => large.clone().jpeg().toBuffer()],
    ['progressive JPEG', () => large.clone().jpeg({ progressive: true }).toBuffer()],
    ['CMYK', () => large.clone().withIccProfile('cmyk').jpeg().toBuffer()],
    ['PNG', () => large.clone().png({ compressionLevel: 1 }).toBuffer()],
    ['interlaced PNG', () => large.clone().png({ compressionLevel: 1, progressive: true }).toBuffer()],
    ['WebP', () => large.clone().webp({ effort: 0 }).toBuffer()],
    ['GIF', () => large.clone().gif({ effort: 1 }).toBuffer()],
    ['TIFF', () => large.clone().tiff({ compression: 'deflate' }).toBuffer()],
    ['AVIF', () => large.clone().avif({ effort: 0 }).toBuffer()],
    ['HEIC', () => Promise.resolve(fixture('photo.heic'))],
    ['JPEG XL', () => Promise.resolve(fixture('photo.jxl'))],
  ];

  test.each(files)('is never called corrupt, whatever its decoder says: %s', async (_title, file) => {
    const bytes = await file();
    const refused: unknown[] = [];
    // Under load a process has not yet given back what it no longer needs: it is left less than it has until it is refused some.
    for (const bytesLeft of [1, 8, 24, -32, -96, -256]) {
      if (bytesLeft < 0 && refused.length > 0) break;
      worker = new WorkerProcess(settings);
      await worker.run(imagePath(await sampleImage('png', 60, 40)));
      leave(worker.pid!, bytesLeft * mebibyte);
      const error = await worker.run(imagePath(bytes)).then(
        (answer) => ('failure' in answer ? fromFailure(answer.failure) : undefined),
        (thrown: unknown) => thrown,
      );
      worker.end();
      if (error !== undefined) refused.push(error);
    }
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.filter(isRejection)).toEqual([]);
  });

  test('leaves nothing of a HEIC in its decoder, of however many', async () => {
    worker = new WorkerProcess(settings);
    const heic = fixture('12-megapixels.heic');
    const read = async (times: number) => {
      for (let index = 0; index < times; index += 1)
        expect(await worker.run(imagePath(heic))).toHaveProperty('result');
      return dataBytes(worker.pid!);
    };
    const before = await read(2);
    // 36 MB of pixels each.
    expect((await read(4)) - before).toBeLessThan(64 * mebibyte);
  });

  test('has all its memory again after each image, a large HEIC too', async () => {
    worker = new WorkerProcess(settings);
    await worker.run(imagePath(await large.clone().jpeg().toBuffer()));
    expect(worker.isAtBase).toBe(true);
    const heic = worker.run(imagePath(fixture('12-megapixels.heic')));
    await eventually(() => (worker.isAtBase ? undefined : true), { every: 5 });
    await heic;
    expect(worker.isAtBase).toBe(true);
  });

  test('has all its memory again after a JPEG XL, whose decoder has a thread of its own', async () => {
    worker = new WorkerProcess(settings);
    await worker.run(imagePath(await large.clone().jpeg().toBuffer()));
    for (let index = 0; index < 3; index += 1) {
      expect(await worker.run(imagePath(fixture('stripes.jxl')))).toHaveProperty('result');
      expect(worker.isAtBase).toBe(true);
    }
  });
});

linux('a worker of the pool that images have used up', () => {
  let pool: Processing;
  afterEach(() => pool.close());
  const workers = (): number[] =>
    readdirSync('/proc/self/task')
      .flatMap((thread) => readFileSync(`/proc/self/task/${thread}/children`, 'utf8').trim().split(' '))
      .map(Number)
      .filter((pid) => pid > 0);

  test('is replaced, and the image has all its memory in a new one', async () => {
    const before = workers();
    pool = await createProcessing({ ...processingLimits, workers: 1 });
    await pool.process(await sampleImage('png', 60, 40));
    const [used] = workers().filter((pid) => !before.includes(pid));
    leave(used!, mebibyte);
    const photo = await sharp(await jpegPhoto(2400, 1600))
      .png({ compressionLevel: 1 })
      .toBuffer();
    await expect(pool.process(photo)).resolves.toHaveProperty('header.width', 2400);
    expect(workers()).not.toContain(used);
  });

  test('goes on after ordinary photos, and after a large HEIC, whose decoder is dropped', async () => {
    const before = workers();
    const own = () => workers().filter((pid) => !before.includes(pid));
    pool = await createProcessing({ ...processingLimits, workers: 1 });
    await pool.process(await jpegPhoto(2400, 1600));
    const first = own();
    await pool.process(await jpegPhoto(2400, 1600));
    expect([first.length, own()]).toEqual([1, first]);
    await pool.process(fixture('12-megapixels.heic'));
    await pool.process(await jpegPhoto(2400, 1600));
    expect(own()).toEqual(first);
  });
});
