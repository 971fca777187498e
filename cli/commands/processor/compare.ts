import { readFile } from 'node:fs/promises';
import { worstFirst } from '../../../client/worst-first.ts';
import { askWorkers, type ProcessingOptions } from '../../../shared/images/process/pool.ts';
import { deployedCandidates } from '../../../shared/images/process/worker-process.ts';
import { compareRuns, runBoth } from '../../../shared/operations/sandbox/compare.ts';
import { printCompared } from '../../support/compared-table.ts';
import { printJson } from '../../support/output.ts';
import { releasedCode } from '../../support/released-code.ts';

interface Options {
  readonly released: string;
  readonly processor?: string;
  readonly json?: boolean;
}

/** A file through the release that git has and through the working tree, with its candidates. */
export async function compareVersions(
  file: string,
  limits: ProcessingOptions,
  options: Options,
): Promise<void> {
  const { released: ref, processor, json } = options;
  const bytes = await readFile(file);
  const code = await releasedCode(ref);
  const pair = {
    released: askWorkers(limits, { file: code.worker }),
    candidate: askWorkers(limits, { candidates: deployedCandidates() }),
  };
  try {
    const runs = await runBoth(pair, bytes);
    // Both know how to compare; the working tree's workers do so whatever the release is.
    const all = await compareRuns(pair.candidate, runs);
    const rows = worstFirst(
      processor === undefined ? all : all.filter((row) => row.processor === processor || row.name === null),
    );
    if (rows.some(({ outcome }) => outcome === 'failed')) process.exitCode = 1;
    if (json === true) {
      printJson({ released: code.commit, rows });
      return;
    }
    console.log(`Released (${ref}, ${code.commit}) → the working tree`);
    printCompared(rows);
    if (rows.every(({ outcome }) => outcome === 'same'))
      console.log('Nothing differs. --released names another release: a branch, a tag or a commit.');
  } finally {
    await Promise.all([pair.released.close(), pair.candidate.close()]);
    await code.remove();
  }
}
