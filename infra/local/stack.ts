import { writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { buildConsole } from '../build-console.ts';
import { buildFunctions, type BuildOptions } from '../build.ts';
import { fetchToken, type TokenOptions } from '../../client/local-token.ts';
import type { ServiceName } from '../../shared/platform/services.ts';
import { postgresFolder } from './postgres/account.ts';
import { ownerAddress } from './postgres/addresses.ts';
import { failOverDatabase, type FailoverReport } from './postgres/failover.ts';
import { stopLeftOver } from './postgres/left-over.ts';
import { dataOf, primaryOf, slots } from './postgres/slots.ts';
import { startControl, type Control } from './supervisor/control.ts';
import { openLogFile, type LogFile } from './supervisor/log-file.ts';
import { checkPorts, freePorts, shiftedPorts, type Ports } from './supervisor/ports.ts';
import { rollFunctions } from './supervisor/roll.ts';
import {
  forgetStack,
  loadSecrets,
  recordStack,
  refuseOlderState,
  runningStack,
  wasKilled,
  makeStateFolders,
} from './supervisor/state.ts';
import { supervise, type LineSink, type SupervisedComponent } from './supervisor/supervise.ts';
import {
  databaseComponent,
  databasePorts,
  databaseSlots,
  functionsComponent,
  platformComponents,
  type ComponentName,
} from './supervisor/components.ts';
import { endpointsOf, settingsOf, type Endpoints } from './supervisor/settings.ts';

export interface StackOptions {
  readonly stateDir: string;
  /** `ephemeral` (tests): free ports; a number: the default ports, moved by it; or those of a stack before. */
  readonly ports?: 'default' | 'ephemeral' | number | Ports;
  /** Services that the functions host registers; all when left out. */
  readonly services?: readonly ServiceName[];
  /** App settings over those of the stack. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Folder of the functions' bundle; dist/ when left out. */
  readonly outdir?: string;
  /** A second server of the database, for reads and to fail over to; yes when left out. */
  readonly hasReplica?: boolean;
  readonly onLine?: LineSink;
  /** Called with a component's name as it becomes ready. */
  readonly onReady?: (component: ComponentName, milliseconds: number) => void;
}

export interface Stack {
  readonly stateDir: string;
  readonly ports: Ports;
  readonly endpoints: Endpoints;
  /** The app settings that the functions host was given. */
  readonly settings: Readonly<Record<string, string>>;
  pid(component: ComponentName): number | undefined;
  /** Resolves when the component is up (again). */
  listening(component: ComponentName): Promise<void>;
  /** Ends the process with that signal; the supervisor starts it again. */
  kill(component: ComponentName, signal?: NodeJS.Signals): Promise<void>;
  /** Ends the process with SIGKILL for good: nothing starts it again. */
  lose(component: ComponentName): Promise<void>;
  /** Ends the component cleanly, waits until it is back. */
  restart(component: ComponentName): Promise<void>;
  /**
   * Exchanges the bundle of the functions, as a rolling deployment does, perhaps for one of changed source. Resolves when the old
   * one has ended, throws when the new one does not run.
   */
  deploy(plugins?: BuildOptions['plugins']): Promise<void>;
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

/** Keeps each component's lines in `logs/COMPONENT.log` and hands them on. */
function makeLogFiles(stateDir: string, onLine: LineSink | undefined) {
  const files = new Map<string, LogFile>();
  const sink: LineSink = (component, line) => {
    const file = files.get(component) ?? openLogFile(`${stateDir}/logs/${component}.log`);
    files.set(component, file);
    file.write(line);
    onLine?.(component, line);
  };
  return { sink, close: () => Promise.all([...files.values()].map((file) => file.flush())) };
}

/**
 * Starts the whole stack, each component a child process, and resolves when all of it is ready. `npm start` and the
 * whole-stack tests use this same function.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { stateDir, outdir } = options;
  const running = runningStack(stateDir);
  if (running) {
    throw new Error(`Darkroom is running already (process ${running.pid}, ${running.api}) on ${stateDir}.`);
  }
  refuseOlderState(stateDir);
  makeStateFolders(stateDir);
  const [ports] = await Promise.all([choosePorts(options), buildFunctions({ outdir }), buildConsole()]);
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
  const components = new Map<ComponentName, SupervisedComponent>();

  const folder = postgresFolder(stateDir);
  let control: Control | undefined;

  async function failOver(): Promise<FailoverReport> {
    if (!hasReplica)
      throw new Error('This stack runs without a replica, so there is nothing to fail over to.');
    const report = await failOverDatabase({
      folder,
      ports: portOf,
      stop: (slot) => components.get(`database-${slot}`)!.stop(),
      start: async (slot) => {
        const spec = databaseComponent(slot, { stateDir, ports, hasReplica });
        await up(spec.name, spec);
      },
    });
    record();
    return report;
  }

  async function stop() {
    await components.get('functions')?.stop();
    await control?.close();
    await Promise.all([...components.values()].map((component) => component.stop()));
    await logs.close();
    forgetStack(stateDir);
  }

  async function up(name: ComponentName, spec: Parameters<typeof supervise>[0]) {
    const began = performance.now();
    const component = supervise(spec, logs.sink);
    components.set(name, component);
    await component.listening();
    options.onReady?.(name, Math.round(performance.now() - began));
  }

  try {
    const platform = platformComponents({ stateDir, ports, secrets });
    const [primary, ...standbys] = database.map((slot) =>
      databaseComponent(slot, { stateDir, ports, hasReplica }),
    );
    // The functions need no standby to start.
    const replicas = Promise.all(standbys.map((spec) => up(spec.name, spec)));
    replicas.catch(() => undefined);
    const needed = [...Object.entries(platform), [primary!.name, primary!] as const];
    await Promise.all(needed.map(([name, spec]) => up(name as ComponentName, spec)));
    await Promise.all([
      up('functions', functionsComponent({ stateDir, ports, secrets, outdir }, settings)),
      replicas,
    ]);
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

  const component = (name: ComponentName) => components.get(name)!;
  const listening = async (name: ComponentName) => {
    await component(name).listening();
  };
  const kill = (name: ComponentName, signal: NodeJS.Signals = 'SIGKILL') => component(name).kill(signal);
  return {
    stateDir,
    ports,
    endpoints,
    settings,
    pid: (name) => component(name).pid,
    listening,
    kill,
    lose: (name) => component(name).stop('SIGKILL'),
    async restart(name) {
      await kill(name, 'SIGTERM');
      await listening(name);
    },
    async deploy(plugins = []) {
      await buildFunctions({ outdir, plugins });
      await rollFunctions(component('functions'));
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
