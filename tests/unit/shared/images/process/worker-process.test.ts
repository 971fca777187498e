import { existsSync, readFileSync } from 'node:fs';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { WorkerProcess } from '../../../../../shared/images/process/worker-process.ts';
import type { WorkerSettings } from '../../../../../shared/images/process/protocol.ts';
import { eventually } from '../../../../support/eventually.ts';
import { loopingTiff, slowJpeg } from '../../../../support/hostile-images.ts';
import { sampleImage } from '../../../../support/sample-images.ts';

/** Workers start slowly where everything runs at once. */
jest.setTimeout(90_000);

const settings: WorkerSettings = {
  ...{ maxPixels: 50_000_000, timeoutMs: 60_000, memoryMb: 300, engine: 'javascript' },
};
let worker: WorkerProcess;
afterEach(() => worker.end());

const readyWorker = async (): Promise<WorkerProcess> => {
  worker = new WorkerProcess(settings);
  await worker.run(await sampleImage('png', 60, 40));
  return worker;
};
const linux = process.platform === 'linux' ? describe : describe.skip;

linux('a worker process', () => {
  test('is gone with its memory within a second of its end, whatever it was doing', async () => {
    const { pid } = await readyWorker();
    const running = worker.run(await slowJpeg());
    const refused = expect(running).rejects.toMatchObject({ code: 'processing-memory' });
    await eventually(() => Promise.resolve(rssMb(pid!) > 60 ? true : undefined));
    const ended = performance.now();
    worker.end();
    await refused;
    expect(existsSync(`/proc/${pid}/statm`)).toBe(false);
    expect(performance.now() - ended).toBeLessThan(1000);
  });

  test('is refused memory by the kernel past its limit', async () => {
    const { pid } = await readyWorker();
    expect(readFileSync(`/proc/${pid}/limits`, 'utf8')).toMatch(/Max data size\s+\d+\s+\d+\s+bytes/);
    let highest = 0;
    const watch = setInterval(() => (highest = Math.max(highest, rssMb(pid!))), 20);
    await expect(worker.run(await loopingTiff())).rejects.toMatchObject({ code: 'processing-memory' });
    clearInterval(watch);
    expect(highest).toBeLessThan(settings.memoryMb + 250);
  });

  test('has none of the host’s environment, where secrets are', async () => {
    process.env['DARKROOM_TEST_SECRET'] = 'a secret';
    const { pid } = await readyWorker();
    delete process.env['DARKROOM_TEST_SECRET'];
    expect(readFileSync(`/proc/${pid}/environ`, 'utf8')).not.toContain('DARKROOM');
  });

  test('is what the kernel ends first where the machine has no more memory', async () => {
    const { pid } = await readyWorker();
    expect(readFileSync(`/proc/${pid}/oom_score_adj`, 'utf8').trim()).toBe('1000');
  });
});

/** Resident memory; 0 of a process that is gone. */
function rssMb(pid: number): number {
  try {
    return (Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * 4096) / 2 ** 20;
  } catch {
    return 0;
  }
}
