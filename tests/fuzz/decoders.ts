/** Hostile images without end, for the decoders alone; says which went wrong, and with which seed. */
import { availableParallelism } from 'node:os';
import { createProcessing } from '../../shared/images/process/pool.ts';
import { attemptAll } from '../support/hostile-run.ts';
import { bombs, flips, headerLies, impostors, metadata, truncations } from '../support/hostile-images.ts';
import { residentMegabytes } from '../support/process-memory.ts';
import { processingLimits } from '../support/processing-limits.ts';

/** Of this process and its workers, which decode. */
const memoryMb = () => Math.round(residentMegabytes(process.pid) ?? 0);

/** Answers the code to exit with. */
export async function fuzzDecoders(minutes: number, seed: number): Promise<number> {
  const until = performance.now() + minutes * 60_000;
  const processing = await createProcessing({ ...processingLimits, workers: availableParallelism() });
  console.log(`fuzz: ${minutes} minutes, seed ${seed}`);
  let peakMb = memoryMb();
  const watch = setInterval(() => (peakMb = Math.max(peakMb, memoryMb())), 500).unref();

  const crafted = [
    ...impostors(),
    ...(
      await Promise.all([headerLies(), bombs(processingLimits.maxPixels), metadata(), truncations()])
    ).flat(),
  ];
  const first = await attemptAll(processing, crafted);
  const rest = await attemptAll(processing, flips(seed), () => performance.now() > until);
  clearInterval(watch);
  await processing.close();

  const findings = [...first.findings, ...rest.findings];
  for (const { name, outcome, message } of findings) console.log(`  ${name}: ${outcome} ${message}`);
  console.log(
    `fuzz: ${first.tried + rest.tried} files, ${findings.length} went wrong, memory ${memoryMb()} MB at the end, ${peakMb} MB at most`,
  );
  return findings.length === 0 ? 0 : 1;
}
