import { createWriteStream, mkdirSync, writeFileSync, type WriteStream } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { buildConsole } from '../build-console.ts';
import { buildFunctions } from '../build.ts';
import { fetchToken, type TokenOptions } from '../../client/local-token.ts';
import type { ServiceName } from '../../shared/platform/services.ts';
import { postgresFolder } from './postgres/account.ts';
import { ownerAddress } from './postgres/addresses.ts';
import { failOverDatabase, type FailoverReport } from './postgres/failover.ts';
import { stopLeftOver } from './postgres/left-over.ts';
import { dataOf, primaryOf, slots } from './postgres/slots.ts';
import { startControl, type Control } from './supervisor/control.ts';
import { checkPorts, freePorts, shiftedPorts, type Ports } from './supervisor/ports.ts';
import {
  forgetStack,
  loadSecrets,
  recordStack,
  refuseOlderState,
  runningStack,
  wasKilled,
} from './supervisor/state.ts';
import { supervise, type LineSink, type SupervisedPart } from './supervisor/supervise.ts';
import {
  databasePart,
  databasePorts,
  databaseSlots,
  functionsPart,
  platformParts,
  type PartName,
} from './supervisor/parts.ts';
import { endpointsOf, settingsOf, type Endpoints } from './supervisor/settings.ts';

export interface StackOptions {
  readonly stateDir: string;
  /** `ephemeral` (tests): free ports; a number: the default ports, moved by it; or those of a stack before. */
  readonly ports?: 'default' | 'ephemeral' | number | Ports;
  /** Services that the functions host registers; all when left out. */
  readonly services?: readonly ServiceName[];
  /** App settings over those of the stack. */
  readonly settings?: Readonly<Record<string, string>>;
  /** A second server of the database, for reads and to fail over to; yes when left out. */
  readonly hasReplica?: boolean;
  readonly onLine?: LineSink;
  /** Called with a part's name as it becomes ready. */
  readonly onReady?: (part: PartName, milliseconds: number) => void;
}

export interface Stack {
  readonly stateDir: string;
  readonly ports: Ports;
  readonly endpoints: Endpoints;
  /** The app settings that the functions host was given. */
  readonly settings: Readonly<Record<string, string>>;
  pid(part: PartName): number | undefined;
  /** Resolves when the part is up (again). */
  listening(part: PartName): Promise<void>;
  /** Ends the process with that signal; the supervisor starts it again. */
  kill(part: PartName, signal?: NodeJS.Signals): Promise<void>;
  /** Ends the process with SIGKILL for good: nothing starts it again. */
  lose(part: PartName): Promise<void>;
  /** Ends the part cleanly, waits until it is back. */
  restart(part: PartName): Promise<void>;
  /** Exchanges the bundle of the functions, as a rolling deployment does; resolves when the old one has ended. */
  deploy(): Promise<void>;
  /** Runs a timer function now. */
  runTimer(name: string): Promise<void>;
  /** An access token for a persona. */
  token(persona: string, options?: TokenOptions): Promise<string>;
  /** Moves the pipeline's clock ahead, by milliseconds. */
  moveClock(milliseconds: number): void;
  /** The database's address that signs in as its owner. */
  databaseOwner(): string;
  /** Makes the standby of the database the primary, and what was the primary its standby. */
  failOver(): Promise<FailoverReport>;
  stop(): Promise<void>;
}

/** How long the processes of a stack whose supervisor was killed may take to end. Milliseconds. */
const leftOverMs = 20_000;

async function choosePorts({ ports, stateDir }: StackOptions): Promise<Ports> {
  if (ports === 'ephemeral') return freePorts();
  const chosen = typeof ports === 'object' ? ports : shiftedPorts(typeof ports === 'number' ? ports : 0);
  if (!wasKilled(stateDir)) await checkPorts(chosen);
  else {
    // Components end when their supervisor is gone, the servers of one that was killed itself when they are told to.
    const folder = postgresFolder(stateDir);
    await Promise.all(slots.map((slot) => stopLeftOver(dataOf(folder, slot))));
    const until = Date.now() + leftOverMs;
    const again = async (error: unknown): Promise<void> => {
      if (Date.now() > until) throw error;
      await wait(100);
      await checkPorts(chosen).catch(again);
    };
    await checkPorts(chosen).catch(again);
  }
  return chosen;
}

/** Keeps each part's lines in `logs/PART.log` and hands them on. */
function makeLogFiles(stateDir: string, onLine: LineSink | undefined) {
  const files = new Map<string, WriteStream>();
  mkdirSync(`${stateDir}/logs`, { recursive: true });
  const sink: LineSink = (part, line) => {
    const file = files.get(part) ?? createWriteStream(`${stateDir}/logs/${part}.log`, { flags: 'a' });
    files.set(part, file);
    file.write(`${line}\n`);
    onLine?.(part, line);
  };
  return { sink, close: () => files.forEach((file) => file.end()) };
}

/**
 * Starts the whole stack, each part a child process, and resolves when all of it is ready. `npm start` and the
 * whole-stack tests use this same function.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { stateDir } = options;
  const running = runningStack(stateDir);
  if (running) {
    throw new Error(`Darkroom is running already (process ${running.pid}, ${running.api}) on ${stateDir}.`);
  }
  refuseOlderState(stateDir);
  mkdirSync(stateDir, { recursive: true });
  const [ports] = await Promise.all([choosePorts(options), buildFunctions(), buildConsole()]);
  const secrets = loadSecrets(stateDir);
  const hasReplica = options.hasReplica ?? true;
  const database = databaseSlots(stateDir, hasReplica);
  const portOf = databasePorts(ports);
  const endpoints = endpointsOf(
    ports,
    secrets,
    stateDir,
    database.map((slot) => portOf[slot]),
  );
  const settings = {
    ...settingsOf({ endpoints, ports, secrets, stateDir, services: options.services }),
    ...options.settings,
  };
  const clockFile = settings.DARKROOM_CLOCK_OFFSET_FILE;
  const logs = makeLogFiles(stateDir, options.onLine);
  const parts = new Map<PartName, SupervisedPart>();

  const folder = postgresFolder(stateDir);
  let control: Control | undefined;

  async function failOver(): Promise<FailoverReport> {
    if (!hasReplica)
      throw new Error('This stack runs without a replica, so there is nothing to fail over to.');
    const report = await failOverDatabase({
      folder,
      ports: portOf,
      stop: (slot) => parts.get(`database-${slot}`)!.stop(),
      start: async (slot) => {
        const spec = databasePart(slot, { stateDir, ports, hasReplica });
        await up(spec.name, spec);
      },
    });
    record();
    return report;
  }

  async function stop() {
    await parts.get('functions')?.stop();
    await control?.close();
    await Promise.all([...parts.values()].map((part) => part.stop()));
    logs.close();
    forgetStack(stateDir);
  }

  async function up(name: PartName, spec: Parameters<typeof supervise>[0]) {
    const began = performance.now();
    const part = supervise(spec, logs.sink);
    parts.set(name, part);
    await part.listening();
    options.onReady?.(name, Math.round(performance.now() - began));
  }

  try {
    const platform = platformParts({ stateDir, ports, secrets });
    const [primary, ...standbys] = database.map((slot) =>
      databasePart(slot, { stateDir, ports, hasReplica }),
    );
    // The functions need no standby to start.
    const replicas = Promise.all(standbys.map((spec) => up(spec.name, spec)));
    replicas.catch(() => undefined);
    const needed = [...Object.entries(platform), [primary!.name, primary!] as const];
    await Promise.all(needed.map(([name, spec]) => up(name as PartName, spec)));
    await Promise.all([up('functions', functionsPart({ stateDir, ports, secrets }, settings)), replicas]);
    control = await startControl({ failOver });
  } catch (error) {
    await stop();
    throw error;
  }
  const databaseOwner = () => ownerAddress(folder, portOf[primaryOf(folder)]);
  const record = () =>
    recordStack(stateDir, {
      pid: process.pid,
      startedAt: new Date().toISOString(),
      api: endpoints.api,
      identity: endpoints.identity,
      kafka: endpoints.kafka,
      hubs: endpoints.hubs,
      database: endpoints.database,
      databaseOwner: databaseOwner(),
      control: { address: control.address, token: control.token },
      storage: endpoints.storage,
    });
  record();

  const part = (name: PartName) => parts.get(name)!;
  const listening = async (name: PartName) => {
    await part(name).listening();
  };
  const kill = (name: PartName, signal: NodeJS.Signals = 'SIGKILL') => part(name).kill(signal);
  return {
    stateDir,
    ports,
    endpoints,
    settings,
    pid: (name) => part(name).pid,
    listening,
    kill,
    lose: (name) => part(name).stop('SIGKILL'),
    async restart(name) {
      await kill(name, 'SIGTERM');
      await listening(name);
    },
    async deploy() {
      await buildFunctions();
      const rolled = part('functions').said('{"event":"rolled"}');
      process.kill(part('functions').pid!, 'SIGHUP');
      await rolled;
    },
    async runTimer(name) {
      const response = await fetch(`${endpoints.api}/admin/functions/${name}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-functions-key': secrets.hostMasterKey },
        body: '{"input":""}',
      });
      if (response.status !== 202) throw new Error(`The host answered ${response.status} for ${name}.`);
    },
    token: (persona, tokenOptions = {}) => fetchToken(endpoints.identity, persona, tokenOptions),
    moveClock: (milliseconds) => writeFileSync(clockFile, String(milliseconds)),
    databaseOwner,
    failOver,
    stop,
  };
}
