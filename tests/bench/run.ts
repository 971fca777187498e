/**
 * `npm run bench` lists the benches; `npm run bench -- NAME [--json] [--image FILE] [--runs N] [--case TEXT]` runs one, `all` every
 * one, and `check [NAME…]` holds what they measure against its targets and fails when one is missed by more than the noise. Only ratios mean something from one machine to the next.
 */
import { spawn, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Bench, Case, Line } from './harness/bench.ts';
import { isFailure, judge, tableOf } from './harness/check.ts';
import { measure, spread, type Measured } from './harness/measure.ts';
import { targets } from './harness/targets.ts';

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

function refuse(name: string): void {
  console.error(`There is no bench called ${name}. There are: ${names.join(', ')}.`);
  process.exitCode = 2;
}

async function list(): Promise<void> {
  console.log('npm run bench -- NAME [--json] [--image FILE] [--runs N] [--case TEXT]\n');
  for (const name of names) console.log(`  ${name.padEnd(16)}${(await load(name)).about}`);
  console.log(`\n  ${'all'.padEnd(16)}every one, one after the other`);
  console.log(
    `  ${'check [NAME…]'.padEnd(16)}every one that has targets, or these: fails when one is missed by more than the noise`,
  );
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

/** In a process of its own: what one holds in memory slows no other. Answers what it printed to be read by a program. */
async function runApart(
  bench: string,
): Promise<{ readonly lines: readonly Line[]; readonly failed: boolean }> {
  const args = [fileURLToPath(import.meta.url), bench, '--json'];
  for (const option of ['runs', 'image'] as const) {
    const value = options[option];
    if (value !== undefined) args.push(`--${option}`, value);
  }
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const output = await text(child.stdout);
  // What else a bench prints is for people.
  const lines = output.split('\n').filter((line) => line.startsWith('{'));
  return { lines: lines.map((line) => JSON.parse(line) as Line), failed: (await exited) !== 0 };
}

async function runAll(): Promise<void> {
  for (const bench of names) {
    const { lines, failed } = await runApart(bench);
    for (const line of lines) {
      const { case: name, contender, baseline, ratio, median, unit } = line;
      if (options.json) console.log(JSON.stringify(line));
      else console.log(`${bench}: ${name}: ${contender} (${median} ${unit}) against ${baseline}: ${ratio} ×`);
    }
    if (failed) process.exitCode = 1;
  }
}

async function check(only: readonly string[]): Promise<void> {
  const wanted = targets.filter(({ bench }) => only.length === 0 || only.includes(bench));
  const lines: Line[] = [];
  for (const bench of new Set(wanted.map((target) => target.bench))) {
    lines.push(...(await runApart(bench)).lines);
  }
  const judged = judge(wanted, lines);
  console.log(options.json ? judged.map((one) => JSON.stringify(one)).join('\n') : tableOf(judged));
  if (judged.some(isFailure)) process.exitCode = 1;
}

const [name, ...others] = positionals;
const unknown = (name === 'check' ? others : []).find((other) => !names.includes(other));
if (name === undefined || options.help) await list();
else if (unknown !== undefined) refuse(unknown);
else if (name === 'all') await runAll();
else if (name === 'check') await check(others);
else if (names.includes(name)) await run(name);
else refuse(name);
