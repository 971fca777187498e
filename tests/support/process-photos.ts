/** `process-photos.ts COUNT`: processes that many small photos, then as many again; prints by how many bytes host and workers grew. */
import { readFileSync } from 'node:fs';
import { createProcessing } from '../../shared/images/process/pool.ts';
import { jpegPhoto } from './photos.ts';

const count = Number(process.argv[2]);
const processing = await createProcessing({
  ...{ maxPixels: 50_000_000, timeoutMs: 60_000, memoryMb: 512, workers: 2 },
});
const photo = await jpegPhoto(600, 400);

async function run(): Promise<number> {
  for (let done = 0; done < count; done += 2) {
    await Promise.all([1, 2].map(() => processing.process(Uint8Array.from(photo))));
  }
  return residentBytes();
}

const before = await run();
console.log((await run()) - before);
await processing.close();

/** Of this process and its workers. */
function residentBytes(): number {
  const children = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim().split(' ');
  const pages = ['self', ...children].map((pid) =>
    Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]),
  );
  return pages.reduce((sum, each) => sum + each, 0) * 4096;
}
