import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const host = 'infra/local/functions-host/worker';

export interface FirstRequest {
  readonly bundle: string;
  /** Of the function that answers. */
  readonly name: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface FirstAnswer {
  readonly status: number;
  readonly body: string;
  /** From the start of the process to the end of the answer. */
  readonly ms: number;
  /** To the moment when the functions were registered. */
  readonly loadedMs: number;
}

/** The worker as one file of JavaScript, so that nothing but what is measured is compiled. */
export async function buildColdWorker(folder: string): Promise<string> {
  const outfile = join(folder, 'cold-worker.cjs');
  await build({
    absWorkingDir: root,
    entryPoints: ['tests/bench/support/cold-worker.ts'],
    outfile,
    bundle: true,
    minify: true,
    format: 'cjs',
    platform: 'node',
    target: 'node24',
    define: { 'import.meta.url': JSON.stringify(new URL(`${host}/`, `file://${root}`).href) },
  });
  return outfile;
}

/** Starts an instance and asks it once; throws when it does not answer with `status`. */
export async function firstAnswer(
  worker: string,
  request: FirstRequest,
  status: number,
  settings: Readonly<Record<string, string>>,
): Promise<FirstAnswer> {
  const { stdout } = await promisify(execFile)(process.execPath, [worker, JSON.stringify(request)], {
    env: { PATH: process.env['PATH'], ...settings },
  });
  const answer = JSON.parse(stdout) as FirstAnswer;
  if (answer.status !== status) {
    throw new Error(`${request.path} was answered ${answer.status}, not ${status}: ${answer.body}`);
  }
  return answer;
}
