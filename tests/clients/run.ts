/**
 * `npm run clients`: puts every real client that this machine has through produce, consume, groups, admin calls and
 * sign-in against the local hubs, and prints a table. What cannot be installed is listed as skipped. `--short` leaves
 * out what takes long to build; words leave out all clients whose names hold none of them. Exit code 1 when a check failed.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { connectionStringOf } from '../../infra/local/event-hubs/access-key.ts';
import { startEventHubs } from '../../infra/local/event-hubs/start.ts';
import { startIdentity } from '../../infra/local/identity/server.ts';
import { hubs } from '../../shared/stream/hubs.ts';
import { clients, type Client } from './clients.ts';
import { tableOf, type Outcome } from './table.ts';

const timeoutMs = 180_000;

async function startServices(directory: string) {
  const identity = await startIdentity({ directory, port: 0 });
  const key = Buffer.from('a key for these clients only').toString('base64');
  const eventHubs = await startEventHubs({
    dataDir: join(directory, 'event-hubs'),
    amqpPort: 0,
    kafkaPort: 0,
    key,
    issuer: identity.issuer,
  });
  const body = new URLSearchParams({ persona: 'engineering', audience: 'https://127.0.0.1' });
  const answer = await fetch(`${identity.issuer}/token`, { method: 'POST', body });
  const { access_token: token } = (await answer.json()) as { access_token: string };
  const wrongKey = Buffer.from('another key').toString('base64');
  return {
    environment: {
      HUB: hubs.deadLetter,
      KAFKA: `127.0.0.1:${eventHubs.kafkaPort}`,
      CONNECTION_STRING: eventHubs.connectionString,
      WRONG_CONNECTION_STRING: connectionStringOf('127.0.0.1', eventHubs.amqpPort, wrongKey),
      TOKEN: token,
    },
    async stop() {
      await eventHubs.stop();
      await identity.close();
    },
  };
}

/** Runs one program; its JSON lines are the checks, and an end with an error is one, too. */
async function run(client: Client, environment: Record<string, string>): Promise<Outcome> {
  const prepared = client.prepare(directory);
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
const directory = await mkdtemp(join(tmpdir(), 'darkroom-hubs-'));
const services = await startServices(directory);
const outcomes: Outcome[] = [];
try {
  for (const client of clients.filter(isWanted)) {
    process.stderr.write(`${client.name} …\n`);
    outcomes.push(
      await run(client, services.environment).catch((error: unknown) => unprepared(client, error)),
    );
  }
} finally {
  await services.stop();
  await rm(directory, { recursive: true, force: true });
}

console.log(tableOf(outcomes));
for (const { name, checks } of outcomes) {
  for (const { check, ok, detail } of checks) if (!ok) console.log(`${name}, ${check}: ${detail ?? ''}`);
}
const checks = outcomes.flatMap((outcome) => outcome.checks);
const failed = checks.filter(({ ok }) => !ok).length;
const skipped = outcomes.filter((outcome) => outcome.skipped !== undefined).length;
console.log(`${checks.length - failed} passed, ${failed} failed, ${skipped} skipped`);
process.exitCode = failed > 0 ? 1 : 0;
