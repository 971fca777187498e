import { existsSync, mkdtempSync, rmdirSync, statfsSync, statSync } from 'node:fs';
import { freemem, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { styleText } from 'node:util';
import type { Command } from 'commander';
import { nodeFault, packagesFault } from '../../infra/installation.mjs';
import { checkPorts, shiftedPorts } from '../../infra/local/supervisor/ports.ts';
import {
  defaultStateDir,
  refuseOlderState,
  runningStack,
  stateMode,
} from '../../infra/local/supervisor/state.ts';
import { printJson } from '../support/output.ts';

const gigabyte = 1024 ** 3;
const wanted = { diskBytes: 2 * gigabyte, memoryBytes: 3 * gigabyte } as const;

interface Check {
  readonly name: string;
  readonly ok: boolean;
  /** What was found, and what to do when it is not right. */
  readonly says: string;
}

const round = (bytes: number): string => `${(bytes / gigabyte).toFixed(1)} GB`;
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The nearest directory above that is there already. */
const existing = (directory: string): string =>
  existsSync(directory) ? directory : existing(dirname(directory));

function checkInstallation(): Check {
  const fault = packagesFault() ?? nodeFault();
  return {
    name: 'installation',
    ok: fault === undefined,
    says: fault === undefined ? `whole, Node ${process.versions.node}` : `${fault}; "npm start" repairs it`,
  };
}

function checkDisk(stateDir: string): Check {
  const { bavail, bsize } = statfsSync(existing(stateDir));
  const free = bavail * bsize;
  const ok = free >= wanted.diskBytes;
  return {
    name: 'disk',
    ok,
    says: `${round(free)} free for ${stateDir}${ok ? '' : `; ${round(wanted.diskBytes)} are wanted, or set DARKROOM_HOME to another disk`}`,
  };
}

function checkMemory(): Check {
  const limit = process.constrainedMemory();
  const total = limit > 0 ? Math.min(limit, totalmem()) : totalmem();
  const ok = total >= wanted.memoryBytes;
  const advice = `; ${round(wanted.memoryBytes)} are wanted. With less: DARKROOM_PROCESSING_WORKERS=1 npm start -- --no-replica`;
  return { name: 'memory', ok, says: `${round(freemem())} free of ${round(total)}${ok ? '' : advice}` };
}

function checkState(stateDir: string): Check {
  try {
    if (existsSync(stateDir)) {
      refuseOlderState(stateDir);
      const { mode } = statSync(stateDir);
      if ((mode & 0o777 & ~stateMode) !== 0 && process.platform !== 'win32') {
        const advice = `run: chmod ${stateMode.toString(8)} ${stateDir}`;
        return { name: 'state', ok: false, says: `others may read ${stateDir}; ${advice}` };
      }
    }
    rmdirSync(mkdtempSync(join(existing(stateDir), '.doctor-')));
    return { name: 'state', ok: true, says: `${stateDir} can be written` };
  } catch (error) {
    return { name: 'state', ok: false, says: messageOf(error) };
  }
}

async function checkStack(stateDir: string, offset: number): Promise<Check> {
  const running = runningStack(stateDir);
  if (running) {
    const health = await fetch(`${running.api}/api/health`).catch(() => undefined);
    const ok = health?.ok === true;
    const says = ok
      ? `runs at ${running.api} (process ${running.pid})`
      : `process ${running.pid} runs, and ${running.api} ${health ? `answers ${health.status}` : 'does not answer'}; "npx darkroom status" says more, logs are in ${stateDir}/logs`;
    return { name: 'stack', ok, says };
  }
  try {
    await checkPorts(shiftedPorts(offset));
    return { name: 'ports', ok: true, says: 'all are free' };
  } catch (error) {
    return { name: 'ports', ok: false, says: messageOf(error) };
  }
}

async function doctor(options: { portOffset: string; json?: boolean }): Promise<void> {
  const stateDir = defaultStateDir();
  const checks = [
    checkInstallation(),
    checkDisk(stateDir),
    checkMemory(),
    checkState(stateDir),
    await checkStack(stateDir, Number(options.portOffset)),
  ];
  if (options.json === true) printJson({ checks });
  else
    for (const { name, ok, says } of checks)
      console.log(
        `${ok ? styleText('green', 'ok   ') : styleText('red', 'fault')} ${name.padEnd(12)} ${says}`,
      );
  if (checks.some(({ ok }) => !ok)) process.exitCode = 1;
}

export const addDoctor = (program: Command): Command =>
  program
    .command('doctor')
    .description('say what is wrong with this machine: installation, disk, memory, state, ports')
    .option('--port-offset <n>', 'the ports of "npm start -- --port-offset N"', '0')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nEnds with 1 when something is wrong, and says what to do.')
    .action(doctor);
