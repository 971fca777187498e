import { InvalidArgumentError, type Command } from 'commander';
import { shadowRun, type ShadowedRow } from '../../../client/shadow-run.ts';
import { worstFirst } from '../../../client/worst-first.ts';
import { apiOf } from '../../../client/connection.ts';
import { connect, ask } from '../../support/connection.ts';
import { printCompared } from '../../support/compared-table.ts';
import { printJson } from '../../support/output.ts';
import { showProgress } from '../../support/progress.ts';

interface Options {
  readonly last: number;
  readonly json?: boolean;
}

const maxImages = 1_000;

function imageCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= maxImages) return count;
  throw new InvalidArgumentError(`It is a number from 1 to ${maxImages}.`);
}

async function shadow({ last, json = false }: Options): Promise<void> {
  const { candidates, problem } = await ask((api) => api.GET('/operations/sandbox'));
  if (problem !== null) throw new Error(problem);
  if (candidates.length === 0)
    throw new Error('No candidate is deployed: docs/processors.md says how to deploy one.');
  const stopping = new AbortController();
  const stop = () => stopping.abort();
  process.once('SIGINT', stop);
  const rows: ShadowedRow[] = [];
  const skipped: Record<string, number> = {};
  let progress: ReturnType<typeof showProgress> | undefined;
  let [images, total] = [0, 0];
  try {
    for await (const step of shadowRun(apiOf(connect()), last, stopping.signal)) {
      progress ??= showProgress(step.total, 'images', json);
      total = step.total;
      rows.push(...step.rows);
      if (step.done === 0) continue;
      progress.step('');
      if (step.skipped === null) images += 1;
      else skipped[step.skipped] = (skipped[step.skipped] ?? 0) + 1;
    }
  } catch (error) {
    if (!stopping.signal.aborted) throw error;
  } finally {
    process.off('SIGINT', stop);
    progress?.end();
  }
  if (rows.some(({ outcome }) => outcome === 'failed')) process.exitCode = 1;
  const stopped = stopping.signal.aborted;
  if (json) {
    printJson({ candidates, total, images, skipped, stopped, rows: worstFirst(rows) });
    return;
  }
  const names = candidates.map(
    ({ name, releasedVersion, version }) => `${name} ${releasedVersion ?? '–'} → ${version}`,
  );
  console.log(
    `${names.join(', ')}: ${images} of ${total} images compared${stopped ? ', then stopped' : ''}.`,
  );
  for (const [why, count] of Object.entries(skipped)) console.log(`Left out, ${why}: ${count}.`);
  if (rows.length > 0) printCompared(rows, ['image'], ({ imageId }) => [imageId]);
}

export const addProcessorShadow = (processor: Command): Command =>
  processor
    .command('shadow')
    .description(
      'run the candidates that are deployed over the last stored images, beside the released version; changes nothing',
    )
    .option('--last <images>', `so many, at most ${maxImages}`, imageCount, 50)
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nCtrl+C stops it and prints what it has found. Code 1: the candidate failed on an image.',
    )
    .action(shadow);
