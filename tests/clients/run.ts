/**
 * `npm run clients`: puts every real client that this machine has through produce, consume, groups, admin calls and
 * sign-in against the local hubs, and through
 * resumable uploads against the local host, and prints a table for each. What cannot be installed is listed as skipped. `--short` leaves
 * out what takes long to build; words leave out all clients whose names hold none of them. Exit code 1 when a check failed.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { clients, type Client } from './clients.ts';
import { startHubs, startUploads, type Services } from './services.ts';
import { tableOf, type Outcome } from './table.ts';

const timeoutMs = 180_000;

/** Runs one program; its JSON lines are the checks, and an end with an error is one, too. */
async function run(client: Client, environment: Record<string, string>): Promise<Outcome> {
  const prepared = client.prepare(directory, environment);
  if (typeof prepared === 'string') return { name: client.name, version: '', skipped: prepared, checks: [] };
  const [command = '', ...args] = prepared;
  const child = spawn(command, args, {
    env: { ...process.env, ...environment, CLIENT: client.name.replace(/[^\w.-]+/g, '-') },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
  });
  const [out, errors]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  const lines = Buffer.concat(out)
    .toString()
    .split('\n')
    .filter((line) => line.startsWith('{'));
  const told = lines.map(
    (line) => JSON.parse(line) as Partial<Outcome['checks'][number]> & { version?: string },
  );
  const checks = told.filter((line): line is Outcome['checks'][number] => line.check !== undefined);
  if (code !== 0 || checks.length === 0) {
    checks.push({ check: 'ends well', ok: false, detail: Buffer.concat(errors).toString().slice(-500) });
  }
  return { name: client.name, version: told.find(({ version }) => version)?.version ?? '', checks };
}

const unprepared = ({ name }: Client, error: unknown): Outcome => ({
  name,
  version: '',
  checks: [{ check: 'builds', ok: false, detail: error instanceof Error ? error.message : String(error) }],
});

const { values, positionals } = parseArgs({
  options: { short: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const isWanted = ({ name, isQuick }: Client): boolean =>
  (isQuick || !values.short) &&
  (positionals.length === 0 || positionals.some((word) => name.toLowerCase().includes(word.toLowerCase())));
const directory = await mkdtemp(join(tmpdir(), 'darkroom-clients-'));

async function runAll(of: Client['of'], start: (directory: string) => Promise<Services>): Promise<Outcome[]> {
  const wanted = clients.filter((client) => client.of === of && isWanted(client));
  if (wanted.length === 0) return [];
  const services = await start(directory);
  const outcomes: Outcome[] = [];
  try {
    for (const client of wanted) {
      process.stderr.write(`${client.name} …\n`);
      outcomes.push(
        await run(client, services.environment).catch((error: unknown) => unprepared(client, error)),
      );
    }
  } finally {
    await services.stop();
  }
  return outcomes;
}

const groups = [await runAll('hubs', startHubs), await runAll('uploads', startUploads)];
await rm(directory, { recursive: true, force: true });

for (const outcomes of groups.filter(({ length }) => length > 0)) {
  console.log(tableOf(outcomes), '\n');
  for (const { name, checks } of outcomes) {
    for (const { check, ok, detail } of checks) if (!ok) console.log(`${name}, ${check}: ${detail ?? ''}`);
  }
}
const outcomes = groups.flat();
const checks = outcomes.flatMap((outcome) => outcome.checks);
const failed = checks.filter(({ ok }) => !ok).length;
const skipped = outcomes.filter((outcome) => outcome.skipped !== undefined).length;
console.log(`${checks.length - failed} passed, ${failed} failed, ${skipped} skipped`);
process.exitCode = failed > 0 ? 1 : 0;
