import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { componentArguments, componentEnvironment, root } from '../component-process.ts';
import { makeRestartDelay } from './restart-delay.ts';

export interface ComponentSpec {
  readonly name: string;
  /** The component's main.ts and its arguments, relative to the repository. */
  readonly script: string;
  readonly arguments: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Milliseconds that the component may take until it announces itself. */
  readonly patience?: number;
  /** Milliseconds that a clean end may take. */
  readonly stopPatience?: number;
}

/** What a component says of itself in its `{"event":"listening",…}` line. */
export type Announcement = Readonly<Record<string, unknown>>;

export interface SupervisedComponent {
  readonly name: string;
  readonly pid: number | undefined;
  /** Resolves when the component that runs now (or the next one, after a death) has announced itself. */
  listening(): Promise<Announcement>;
  /** Resolves with what `read` finds in a line that the component writes; rejects when its process ends before that. */
  said<T>(read: (line: string) => T | undefined): Promise<T>;
  /** Sends a signal and resolves when that process is gone; the component is started again. */
  kill(signal: NodeJS.Signals): Promise<void>;
  /** Ends the component for good: SIGTERM, then SIGKILL when it does not go; with SIGKILL at once, as a lost machine does. */
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

export type LineSink = (component: string, line: string) => void;

/** Lines that are shown when a component does not start. */
const keptLines = 20;
const defaults = { patience: 60_000, stopPatience: 20_000 } as const;

function spawnComponent(spec: ComponentSpec): ChildProcess {
  return spawn(process.execPath, componentArguments(spec.script, spec.arguments), {
    cwd: root,
    env: componentEnvironment(spec.environment),
    stdio: ['pipe', 'pipe', 'pipe'],
    /** A group of its own: Ctrl-C reaches the supervisor alone, which then stops its components in order. */
    detached: true,
  });
}

/** A component that cannot end its own children any more takes them along. */
function end(child: ChildProcess, signal: NodeJS.Signals): void {
  if (signal === 'SIGKILL' && process.platform !== 'win32') process.kill(-child.pid!, signal);
  else child.kill(signal);
}

const announcementIn = (line: string): Announcement | undefined => {
  if (!line.startsWith('{"event":"listening"')) return undefined;
  return JSON.parse(line) as Announcement;
};

/** Runs one component as a child process, reads its lines, and starts it again whenever it ends unasked. */
export function supervise(spec: ComponentSpec, sink: LineSink): SupervisedComponent {
  const nextDelay = makeRestartDelay();
  let stopped = false;
  let child: ChildProcess;
  let exited: Promise<void>;
  let ready: PromiseWithResolvers<Announcement>;
  let restart: NodeJS.Timeout | undefined;
  let everReady = false;
  const lastLines: string[] = [];
  const waiting = new Set<{ hear(line: string): void; reject(error: Error): void }>();

  const note = (event: string, fields: Record<string, unknown> = {}) =>
    sink(spec.name, JSON.stringify({ level: 'warning', category: 'Supervisor', message: event, ...fields }));

  function readLines(stream: Readable) {
    createInterface({ input: stream }).on('line', (line) => {
      sink(spec.name, line);
      waiting.forEach((one) => one.hear(line));
      lastLines.push(line);
      if (lastLines.length > keptLines) lastLines.shift();
      const announcement = announcementIn(line);
      if (announcement) {
        everReady = true;
        ready.resolve(announcement);
      }
    });
  }

  function expectAnnouncement() {
    ready = Promise.withResolvers<Announcement>();
    ready.promise.catch(() => undefined);
  }

  function onExit(code: number | null, signal: NodeJS.Signals | null) {
    for (const one of waiting) one.reject(new Error(`${spec.name} ended with ${signal ?? code}.`));
    waiting.clear();
    if (stopped) {
      if (code !== 0) note('ended while stopping', { code, signal });
      ready.reject(new Error(`${spec.name} was stopped.`));
      return;
    }
    if (!everReady) {
      const said = lastLines.length > 0 ? ` It said:\n${lastLines.join('\n')}` : '';
      ready.reject(new Error(`${spec.name} ended with ${signal ?? code} before it was ready.${said}`));
      return;
    }
    expectAnnouncement();
    const delay = nextDelay();
    note('ended, starting again', { code, signal, delay });
    restart = setTimeout(start, delay);
  }

  function start() {
    const one = spawnComponent(spec);
    child = one;
    exited = new Promise((resolve) => {
      // Not 'exit': its last lines, which say why, are read first.
      one.once('close', (code, signal) => {
        resolve();
        onExit(code, signal);
      });
    });
    one.stdin!.on('error', () => undefined);
    readLines(one.stdout!);
    readLines(one.stderr!);
  }

  expectAnnouncement();
  start();

  return {
    name: spec.name,
    get pid() {
      return child.exitCode === null && child.signalCode === null ? child.pid : undefined;
    },

    async listening() {
      const patience = spec.patience ?? defaults.patience;
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_resolve, reject) => {
        timer = setTimeout(
          () => reject(new Error(`${spec.name} was not ready after ${patience} ms.`)),
          patience,
        );
      });
      try {
        return await Promise.race([ready.promise, late]);
      } finally {
        clearTimeout(timer);
      }
    },

    said: (read) =>
      new Promise((resolve, reject) => {
        const one = {
          hear(line: string) {
            const found = read(line);
            if (found === undefined) return;
            waiting.delete(one);
            resolve(found);
          },
          reject,
        };
        waiting.add(one);
      }),

    async kill(signal) {
      const gone = exited;
      end(child, signal);
      await gone;
    },

    async stop(signal = 'SIGTERM') {
      stopped = true;
      clearTimeout(restart);
      if (child.exitCode !== null || child.signalCode !== null) return;
      end(child, signal);
      const timer = setTimeout(() => end(child, 'SIGKILL'), spec.stopPatience ?? defaults.stopPatience);
      await exited;
      clearTimeout(timer);
    },
  };
}
