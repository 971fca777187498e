import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { partArguments, partEnvironment, root } from '../part-process.ts';
import { makeRestartDelay } from './restart-delay.ts';

export interface PartSpec {
  readonly name: string;
  /** The part's main.ts and its arguments, relative to the repository. */
  readonly script: string;
  readonly arguments: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Milliseconds that the part may take until it announces itself. */
  readonly patience?: number;
  /** Milliseconds that a clean end may take. */
  readonly stopPatience?: number;
}

/** What a part says of itself in its `{"event":"listening",…}` line. */
export type Announcement = Readonly<Record<string, unknown>>;

export interface SupervisedPart {
  readonly name: string;
  readonly pid: number | undefined;
  /** Resolves when the part that runs now (or the next one, after a death) has announced itself. */
  listening(): Promise<Announcement>;
  /** Resolves when the part writes this line. */
  said(line: string): Promise<void>;
  /** Sends a signal and resolves when that process is gone; the part is started again. */
  kill(signal: NodeJS.Signals): Promise<void>;
  /** Ends the part for good: SIGTERM, then SIGKILL when it does not go; with SIGKILL at once, as a lost machine does. */
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

export type LineSink = (part: string, line: string) => void;

/** Lines that are shown when a part does not start. */
const keptLines = 20;
const defaults = { patience: 60_000, stopPatience: 20_000 } as const;

function spawnPart(spec: PartSpec): ChildProcess {
  return spawn(process.execPath, partArguments(spec.script, spec.arguments), {
    cwd: root,
    env: partEnvironment(spec.environment),
    stdio: ['pipe', 'pipe', 'pipe'],
    /** A group of its own: Ctrl-C reaches the supervisor alone, which then stops its parts in order. */
    detached: true,
  });
}

/** A part that cannot end its own children any more takes them along. */
function end(child: ChildProcess, signal: NodeJS.Signals): void {
  if (signal === 'SIGKILL' && process.platform !== 'win32') process.kill(-child.pid!, signal);
  else child.kill(signal);
}

const announcementIn = (line: string): Announcement | undefined => {
  if (!line.startsWith('{"event":"listening"')) return undefined;
  return JSON.parse(line) as Announcement;
};

/** Runs one part as a child process, reads its lines, and starts it again whenever it ends unasked. */
export function supervise(spec: PartSpec, sink: LineSink): SupervisedPart {
  const nextDelay = makeRestartDelay();
  let stopped = false;
  let child: ChildProcess;
  let exited: Promise<void>;
  let ready: PromiseWithResolvers<Announcement>;
  let restart: NodeJS.Timeout | undefined;
  let everReady = false;
  const lastLines: string[] = [];
  const expected = new Map<string, () => void>();

  const note = (event: string, fields: Record<string, unknown> = {}) =>
    sink(spec.name, JSON.stringify({ level: 'warning', category: 'Supervisor', message: event, ...fields }));

  function readLines(stream: Readable) {
    createInterface({ input: stream }).on('line', (line) => {
      sink(spec.name, line);
      expected.get(line)?.();
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
    const one = spawnPart(spec);
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

    said: (line) =>
      new Promise((resolve) => {
        expected.set(line, () => {
          expected.delete(line);
          resolve();
        });
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
