/** `npm run fuzz -- --minutes N [--seed S]`: hostile images without end; says which went wrong, and with which seed. */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { createProcessing } from '../../shared/images/process/pool.ts';
import { attemptAll } from '../support/hostile-run.ts';
import { bombs, flips, headerLies, impostors, metadata, truncations } from '../support/hostile-images.ts';
import { processingLimits } from '../support/processing-limits.ts';

const { values } = parseArgs({ options: { minutes: { type: 'string' }, seed: { type: 'string' } } });
const minutes = Number(values.minutes ?? 1);
const seed = Number(values.seed ?? Date.now() % 1_000_000);
const until = performance.now() + minutes * 60_000;
const rssMb = () => Math.round(process.memoryUsage.rss() / 2 ** 20);

const processing = await createProcessing({ ...processingLimits, workers: availableParallelism() });
console.log(`fuzz: ${minutes} minutes, seed ${seed}`);
let peakMb = rssMb();
const watch = setInterval(() => (peakMb = Math.max(peakMb, rssMb())), 500).unref();

const crafted = [
  ...impostors(),
  ...(await Promise.all([headerLies(), bombs(processingLimits.maxPixels), metadata(), truncations()])).flat(),
];
const first = await attemptAll(processing, crafted);
const rest = await attemptAll(processing, flips(seed), () => performance.now() > until);
clearInterval(watch);
await processing.close();

const findings = [...first.findings, ...rest.findings];
for (const { name, outcome, message } of findings) console.log(`  ${name}: ${outcome} ${message}`);
console.log(
  `fuzz: ${first.tried + rest.tried} files, ${findings.length} went wrong, memory ${rssMb()} MB at the end, ${peakMb} MB at most`,
);
process.exitCode = findings.length === 0 ? 0 : 1;
