import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { randomInt } from 'node:crypto';
import { tmpdir } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { cachedTokens, type Connection } from '../../../client/connection.ts';
import { fetchToken } from '../../../client/local-token.ts';
import { dropPostgresFolder } from '../../../infra/local/postgres/account.ts';
import { checkPorts, shiftedPorts } from '../../../infra/local/supervisor/ports.ts';
import { runningStack, type StackRecord } from '../../../infra/local/supervisor/state.ts';
import { eventually } from '../../support/eventually.ts';

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

/** What of the stack is killed at once, by a name that stays the same when it is started again. */
export interface Component {
  readonly name: string;
  readonly pids: readonly number[];
}

const startWithinMs = 180_000;

function everyProcess(): Process[] {
  const lines = execFileSync('ps', ['-A', '-ww', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n');
  return lines.flatMap((line) => {
    const [, pid, parent, command] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return command === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), command }];
  });
}

/** `azurite`, `functions-host/worker`, `postgres one`: the folder of its main.ts, and which of several it is. */
function nameOf(command: string): string | undefined {
  const [, folder] = /infra\/local\/([\w/-]+)\/main\.ts/.exec(command) ?? [];
  const [, which] = /--(?:slot|app) (\S+)/.exec(command) ?? [];
  return folder && [folder, which].filter((word) => word !== undefined).join(' ');
}

/** The components that the supervisor runs, the servers and sessions that they run, and the supervisor. */
function componentsOf(supervisor: number): Component[] {
  const all = everyProcess();
  const childrenOf = (pid: number) => all.filter(({ parent }) => parent === pid);
  const named = (pid: number) =>
    childrenOf(pid).flatMap((child) => {
      const name = nameOf(child.command);
      return name === undefined ? [] : [{ name, pid: child.pid }];
    });
  const children = named(supervisor);
  const main = [...children, ...children.flatMap(({ pid }) => named(pid))];
  const servers = main.flatMap(({ name, pid }) =>
    childrenOf(pid)
      .filter(({ command }) => /\bpostgres(\.exe)? -D /.test(command))
      .map((server) => ({ name: `server of ${name}`, pid: server.pid })),
  );
  const sessions = servers.flatMap(({ name, pid }) =>
    childrenOf(pid)
      .filter(({ command }) => /^postgres: \S+_login darkroom /.test(command))
      .slice(0, 1)
      .map((session) => ({ name: `a session at the ${name}`, pid: session.pid })),
  );
  const pids = main.map(({ pid }) => pid);
  return [
    ...[...main, ...servers, ...sessions].map(({ name, pid }) => ({ name, pids: [pid] })),
    { name: 'supervisor', pids: [supervisor] },
    { name: 'supervisor and every component', pids: [supervisor, ...pids] },
  ];
}

export async function freeOffset(): Promise<number> {
  const offset = randomInt(12_000, 20_000);
  return checkPorts(shiftedPorts(offset)).then(
    () => offset,
    () => freeOffset(),
  );
}

export interface StackProcess {
  readonly stateDir: string;
  readonly record: StackRecord;
  readonly connection: Connection;
  components(): readonly Component[];
  /** Sends SIGKILL to it and resolves when the whole stack is up again. */
  kill(name: string): Promise<void>;
  stop(): Promise<void>;
}

/** `npm start` as somebody types it, in a process of its own, with state of its own. */
export async function runStack(environment: Readonly<Record<string, string>> = {}): Promise<StackProcess> {
  const stateDir = await mkdtemp(`${tmpdir()}/darkroom-kill-`);
  const args = ['infra/local/start.ts', '--no-samples', '--port-offset', String(await freeOffset())];
  let child: ChildProcess;
  let said = '';

  async function start(): Promise<StackRecord> {
    said = '';
    const one = spawn(process.execPath, ['--no-warnings', ...args], {
      env: { ...process.env, ...environment, NODE_OPTIONS: '', DARKROOM_HOME: stateDir },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child = one;
    const note = (chunk: Buffer) => (said = `${said}${chunk.toString()}`.slice(-20_000));
    one.stdout.on('data', note);
    one.stderr.on('data', note);
    const until = Date.now() + startWithinMs;
    for (;;) {
      const record = runningStack(stateDir);
      if (record?.pid === one.pid) return record!;
      if (one.exitCode !== null || Date.now() > until) throw new Error(`npm start did not start:\n${said}`);
      await wait(100);
    }
  }

  const record = await start();
  const components = () => componentsOf(child.pid!);
  const names = () => components().map(({ name }) => name);
  const isSteady = (name: string) => !name.startsWith('a session');
  const steady = names().filter(isSteady);

  /** Resolves when every component runs and the API says that all it needs answers. */
  const up = () =>
    eventually(
      async () => {
        if (!steady.every((name) => names().includes(name))) return undefined;
        return (await fetch(`${record.api}/api/health`)).status === 200 ? true : undefined;
      },
      { within: startWithinMs, every: 200 },
    );
  await up();

  return {
    stateDir,
    record,
    connection: {
      api: record.api,
      token: cachedTokens((persona) => fetchToken(record.identity, persona)),
      kafka: () => ({ broker: record.kafka, connectionString: record.hubs }),
    },
    components,
    async kill(name) {
      const find = async () => {
        // A pool gives up a session that nobody uses; who looks after the stack's health opens one.
        if (!isSteady(name)) await fetch(`${record.api}/api/health`).catch(() => undefined);
        return components().find((component) => component.name === name);
      };
      const victim = await eventually(find, { within: 60_000 });
      for (const pid of victim.pids) process.kill(pid, 'SIGKILL');
      if (victim.pids.includes(child.pid!)) await start();
      await eventually(() =>
        everyProcess().some(({ pid }) => victim.pids.includes(pid)) ? undefined : true,
      );
      await up();
    },
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        const ended = new Promise((resolve) => child.once('exit', resolve));
        child.kill('SIGTERM');
        await ended;
      }
      dropPostgresFolder(stateDir);
      await rm(stateDir, { recursive: true, force: true });
    },
  };
}
