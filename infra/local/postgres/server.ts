import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { account } from './account.ts';
import { postgresBinaries } from './binaries.ts';
import { stopLeftOver } from './left-over.ts';

export interface ServerOptions {
  readonly data: string;
  readonly port: number;
  readonly settings?: Readonly<Record<string, string | number>>;
  readonly onLine?: (line: string) => void;
}

export interface PostgresServer {
  /** Resolves when the server has ended without being asked to. */
  readonly failed: Promise<void>;
  /** Ends every session, writes everything down, and ends. */
  stop(): Promise<void>;
}

const common = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: 200,
  shared_buffers: '64MB',
  password_encryption: 'scram-sha-256',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_line_prefix: '',
  log_checkpoints: 'off',
  jit: 'off',
} as const;

/** The last sessions of a server that was killed end a moment after it, and hold its shared memory until then. */
const isPassing = /pre-existing shared memory block|lock file "postmaster\.pid" already exists/;

function run({ data, port, settings, onLine }: ServerOptions): {
  child: ChildProcess;
  ready: Promise<boolean>;
} {
  const all = Object.entries({ ...common, port, ...settings });
  const args = all.flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = spawn(postgresBinaries().postgres, ['-D', data, ...args], {
    ...account,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  // However this process ends, the server is not left behind; there is no time to ask twice.
  const release = () => child.kill('SIGQUIT');
  process.once('exit', release);
  child.once('close', () => process.off('exit', release));
  const ready = new Promise<boolean>((resolve, reject) => {
    let said = '';
    child.once('error', reject);
    createInterface({ input: child.stderr }).on('line', (line) => {
      onLine?.(line);
      if (/database system is ready to accept/.test(line)) resolve(true);
      else said += `${line}\n`;
    });
    child.once('close', (code, signal) => {
      if (isPassing.test(said)) resolve(false);
      else reject(new Error(`PostgreSQL ended with ${signal ?? code} before it was ready:\n${said}`));
    });
  });
  return { child, ready };
}

/** How long a server may take to write everything down before it is told to end without that. Milliseconds. */
const fastMs = 8_000;

/** `fast` writes everything down first; after `immediate` the next start recovers what was committed from the log. */
function end(child: ChildProcess, data: string, mode: 'fast' | 'immediate'): void {
  // Windows has no signals: PostgreSQL's own program tells the server there.
  if (process.platform === 'win32') {
    execFile(postgresBinaries().pgCtl, ['stop', '-D', data, '-m', mode, '--no-wait'], () => undefined);
  } else {
    child.kill(mode === 'fast' ? 'SIGINT' : 'SIGQUIT');
  }
}

function controls(child: ChildProcess, data: string): PostgresServer {
  let isStopping = false;
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  return {
    failed: new Promise((resolve) => child.once('close', () => !isStopping && resolve())),
    async stop() {
      isStopping = true;
      if (child.exitCode !== null || child.signalCode !== null) return;
      end(child, data, 'fast');
      // One that recovers from a crash of a session does not hear the first word (PostgreSQL 18.4).
      const timer = setTimeout(() => end(child, data, 'immediate'), fastMs);
      await ended;
      clearTimeout(timer);
    },
  };
}

/** Starts PostgreSQL on a data directory, on loopback only, and resolves when it takes connections. */
export async function startServer(options: ServerOptions): Promise<PostgresServer> {
  await stopLeftOver(options.data);
  for (let attempt = 1; ; attempt += 1) {
    const { child, ready } = run(options);
    if (await ready) return controls(child, options.data);
    if (attempt === 50) throw new Error(`Another server runs on ${options.data}.`);
    await wait(100);
  }
}
