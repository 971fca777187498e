/** `process-photos.ts COUNT`: processes that many small photos, then as many again; prints by how many bytes the process grew. */
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
  return process.memoryUsage.rss();
}

const before = await run();
console.log((await run()) - before);
await processing.close();
