import { execFile } from 'node:child_process';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../../', import.meta.url));
const run = promisify(execFile);

export interface ReleasedCode {
  /** The commit, shortened. */
  readonly commit: string;
  /** The file that its workers run. */
  readonly worker: URL;
  remove(): Promise<void>;
}

async function git(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<string> {
  const { stdout } = await run('git', ['-C', root, ...args], { env: { ...process.env, ...environment } });
  return stdout.trim();
}

async function commitOf(ref: string): Promise<string> {
  try {
    return await git(['rev-parse', '--short', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`]);
  } catch (cause) {
    throw new Error(`git knows no release "${ref}" here: --released takes a branch, a tag or a commit.`, {
      cause,
    });
  }
}

/** The code of a release out of git, with the packages of the working tree. Neither it nor git's index is changed. */
export async function releasedCode(ref: string): Promise<ReleasedCode> {
  const commit = await commitOf(ref);
  const folder = await mkdtemp(join(tmpdir(), 'darkroom-released-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const index = { GIT_INDEX_FILE: join(folder, '.index') };
    await git(['read-tree', commit], index);
    await git(['checkout-index', '--all', `--prefix=${folder}/`], index);
    await symlink(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
  } catch (error) {
    await remove();
    throw error;
  }
  return { commit, worker: pathToFileURL(join(folder, 'shared/images/process/worker.ts')), remove };
}
