import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Stack } from '../../../infra/local/stack.ts';

export interface CliResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `npx darkroom …` against a running stack, as somebody at its machine would. */
export async function darkroom({ stateDir }: Stack, ...words: readonly string[]): Promise<CliResult> {
  const env = { ...process.env, DARKROOM_HOME: stateDir, NODE_OPTIONS: '', NO_COLOR: '1' };
  try {
    const ran = await promisify(execFile)(process.execPath, ['cli/darkroom.mjs', ...words], { env });
    return { code: 0, ...ran };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: unknown; stdout: string; stderr: string };
    if (typeof code !== 'number') throw error;
    return { code, stdout, stderr };
  }
}
