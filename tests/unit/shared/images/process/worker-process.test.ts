import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, expect, jest, test } from '@jest/globals';
import { WorkerProcess } from '../../../../../shared/images/process/worker-process.ts';
import type { WorkerSettings } from '../../../../../shared/images/process/protocol.ts';
import { eventually } from '../../../../support/eventually.ts';
import { imagePath } from '../../../../support/image-path.ts';
import { loopingTiff, slowJpeg } from '../../../../support/hostile-images.ts';
import { sampleImage } from '../../../../support/sample-images.ts';
import { missingLinux, suiteUnless } from '../../../../support/skip-unless.ts';

/** Workers start slowly where everything runs at once. */
jest.setTimeout(90_000);

const settings: WorkerSettings = {
  ...{ maxPixels: 50_000_000, timeoutMs: 60_000, memoryMb: 300, engine: 'javascript' },
};
let worker: WorkerProcess;
afterEach(() => worker.end());

const readyWorker = async (): Promise<WorkerProcess> => {
  worker = new WorkerProcess(settings);
  await worker.run(imagePath(await sampleImage('png', 60, 40)));
  return worker;
};
const linux = suiteUnless(missingLinux);

linux('a worker process', () => {
  test('is gone with its memory when its end is told, whatever it was doing', async () => {
    const { pid } = await readyWorker();
    const running = worker.run(imagePath(await slowJpeg()));
    const refused = expect(running).rejects.toMatchObject({ code: 'unavailable' });
    await eventually(() => Promise.resolve(rssMb(pid!) > 60 ? true : undefined));
    worker.end();
    await refused;
    expect(existsSync(`/proc/${pid}/statm`)).toBe(false);
  });

  test('is refused memory by the kernel past its limit', async () => {
    const { pid } = await readyWorker();
    expect(readFileSync(`/proc/${pid}/limits`, 'utf8')).toMatch(/Max data size\s+\d+\s+\d+\s+bytes/);
    let highest = 0;
    const watch = setInterval(() => (highest = Math.max(highest, rssMb(pid!))), 20);
    await expect(worker.run(imagePath(await loopingTiff()))).rejects.toMatchObject({
      code: 'processing-memory',
    });
    clearInterval(watch);
    expect(highest).toBeLessThan(settings.memoryMb + 250);
  });

  test.each([
    // What ends a process from outside, the kernel where the machine has no more memory, says nothing of the image.
    ['SIGKILL', 'unavailable', true],
    ['SIGABRT', 'processing-crashed', false],
    ['SIGSEGV', 'processing-crashed', false],
  ] as const)('that ends with %s and says nothing answers %s', async (signal, code, retryable) => {
    const { pid } = await readyWorker();
    const refused = expect(worker.run(imagePath(await slowJpeg()))).rejects.toMatchObject({
      code,
      retryable,
    });
    process.kill(pid!, signal);
    await refused;
  });

  test('that cannot be started is unavailable, wherever the system says so', async () => {
    const { stdout } = await promisify(execFile)('/bin/sh', [
      ...['-c', 'ulimit -n 64; exec "$@"', 'limited', process.execPath, '--input-type=module', '-e'],
      unstartable,
      new URL('../../../../../shared/images/process/worker-process.ts', import.meta.url).href,
      JSON.stringify(settings),
    ]);
    const codes = JSON.parse(stdout) as string[];
    expect(codes.length).toBeGreaterThan(4);
    expect(new Set(codes)).toEqual(new Set(['unavailable']));
  });

  test('has none of the host’s environment, where secrets are', async () => {
    process.env['DARKROOM_TEST_SECRET'] = 'a secret';
    const { pid } = await readyWorker();
    delete process.env['DARKROOM_TEST_SECRET'];
    expect(readFileSync(`/proc/${pid}/environ`, 'utf8')).not.toContain('DARKROOM');
  });

  test('of a release from before decision 243 is given the bytes by a pipe', async () => {
    const file = pathToFileURL(imagePath(Buffer.from(earlierWorker)));
    const bytes = Buffer.alloc(300_000, 'bytes');
    worker = new WorkerProcess(settings, { file });
    for (const given of [bytes, bytes.subarray(1)]) {
      const digest = createHash('sha256').update(given).digest('hex');
      expect(await worker.run(imagePath(given), { work: 'measure' })).toEqual({
        result: { digest, work: 'measure', settings },
      });
    }
  });

  test('is what the kernel ends first where the machine has no more memory', async () => {
    const { pid } = await readyWorker();
    expect(readFileSync(`/proc/${pid}/oom_score_adj`, 'utf8').trim()).toBe('1000');
  });
});

/** Takes its images as workers did until then, and says what it was given. */
const earlierWorker = `
  const { createHash } = require('node:crypto');
  const { Socket } = require('node:net');
  const chunks = new Socket({ fd: 4 })[Symbol.asyncIterator]();
  process.on('message', async ({ size, work, settings }) => {
    const bytes = Buffer.allocUnsafeSlow(size);
    for (let filled = 0; filled < size;) filled += (await chunks.next()).value.copy(bytes, filled);
    process.send({ result: { digest: createHash('sha256').update(bytes).digest('hex'), work, settings } });
  });
  process.on('disconnect', () => process.exit());
`;

/** Has all files open but some, from none on, until a worker starts; answers the codes of those that do not. */
const unstartable = `
  import { closeSync, openSync } from 'node:fs';
  const [module, settings] = process.argv.slice(1);
  const { WorkerProcess } = await import(module);
  const open = [];
  const fill = () => {
    for (;;) {
      try {
        open.push(openSync('/dev/null'));
      } catch {
        return;
      }
    }
  };
  const codes = [];
  for (let free = 0; ; free += 1) {
    fill();
    for (let index = 0; index < free; index += 1) closeSync(open.pop());
    try {
      const worker = new WorkerProcess(JSON.parse(settings));
      await worker.run('/dev/null').finally(() => worker.end());
      break;
    } catch (error) {
      codes.push(error.code);
    }
  }
  console.log(JSON.stringify(codes));
  process.exit();`;

/** Resident memory; 0 of a process that is gone. */
function rssMb(pid: number): number {
  try {
    return (Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * 4096) / 2 ** 20;
  } catch {
    return 0;
  }
}
