/**
 * `npm run bench` lists the benches; `npm run bench -- NAME [--json] [--image FILE] [--runs N] [--case TEXT]` runs one.
 * Only ratios mean something from one machine to the next.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Bench, Case } from './harness/bench.ts';
import { measure, spread, type Measured } from './harness/measure.ts';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    image: { type: 'string' },
    runs: { type: 'string' },
    case: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

const folder = new URL('.', import.meta.url);
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.ts') && file !== 'run.ts')
  .map((file) => file.slice(0, -'.ts'.length))
  .sort();

const load = async (name: string): Promise<Bench> =>
  ((await import(new URL(`${name}.ts`, folder).href)) as { default: Bench }).default;

async function list(): Promise<void> {
  console.log('npm run bench -- NAME [--json] [--image FILE] [--runs N] [--case TEXT]\n');
  for (const name of names) console.log(`  ${name.padEnd(16)}${(await load(name)).about}`);
}

/** Some settings only count when a process starts with them. */
function startAnew(environment: Readonly<Record<string, string>>): number {
  const env = { ...process.env, ...environment, DARKROOM_BENCH_STARTED: '1' };
  const args = ['--expose-gc', ...process.execArgv, fileURLToPath(import.meta.url), ...process.argv.slice(2)];
  return spawnSync(process.execPath, args, { env, stdio: 'inherit' }).status ?? 1;
}

function header(name: string): string {
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
  const cpu = cpus()[0]?.model ?? 'unknown processor';
  return `${name}: Node ${process.versions.node}, ${process.platform} ${process.arch}, ${cpu}, ${availableParallelism()} cores, ${memory}`;
}

function print(each: Case, { values, lines }: Measured): void {
  console.log(`\n${each.name} [${each.unit}, median (middle half)]`);
  const width = Math.max(...Object.keys(values).map((name) => name.length)) + 2;
  for (const [name, own] of Object.entries(values)) console.log(`  ${name.padEnd(width)}${spread(own)}`);
  for (const { contender, baseline, ratio } of lines) {
    console.log(`  ${contender} against ${baseline}: ${ratio} ×`);
  }
}

async function run(name: string): Promise<void> {
  const bench = await load(name);
  if (process.env['DARKROOM_BENCH_STARTED'] === undefined) {
    process.exitCode = startAnew(bench.environment ?? {});
    return;
  }
  console.error(header(name));
  const runs = options.runs === undefined ? undefined : Number(options.runs);
  const image = options.image === undefined ? undefined : resolve(options.image);
  try {
    for (const each of await bench.cases({ image })) {
      if (options.case !== undefined && !each.name.includes(options.case)) continue;
      const measured = await measure(name, each, runs);
      if (options.json) for (const line of measured.lines) console.log(JSON.stringify(line));
      else print(each, measured);
    }
  } finally {
    await bench.close?.();
  }
}

const [name] = positionals;
if (name === undefined || options.help) await list();
else if (names.includes(name)) await run(name);
else {
  console.error(`There is no bench called ${name}. There are: ${names.join(', ')}.`);
  process.exitCode = 2;
}
