import { setTimeout as sleep } from 'node:timers/promises';
import type { BulkRun } from '../../client/api-types.ts';
import { printTable } from '../../client/table.ts';
import { ask } from './connection.ts';
import { printJson } from './output.ts';
import { showProgress } from './progress.ts';

const everyMs = 1_000;

/** Follows a run to its end; it goes on without us. */
async function follow(run: BulkRun, hidden: boolean): Promise<BulkRun> {
  const progress = showProgress(run.total, run.action, hidden);
  let [now, shown] = [run, 0];
  for (;;) {
    progress.step(now.waitingFor ?? '', now.done - shown);
    shown = now.done;
    if (now.state !== 'running') break;
    await sleep(everyMs);
    now = await ask((api) => api.GET('/operations/bulk-runs/{id}', { params: { path: { id: run.id } } }));
  }
  progress.end();
  return now;
}

export function printRun(run: BulkRun): void {
  const counts = Object.entries(run.outcomes).map(([outcome, count]) => `${count} ${outcome}`);
  const how = run.dryRun ? ' (dry run: nothing was done)' : '';
  console.log(`${run.id}: ${run.state}, ${run.done} of ${run.total}${how}: ${counts.join(', ') || 'none'}`);
}

/** Starts a run, follows it and prints what became of it; what is not done ends with code 1. */
export async function runInBulk(
  body: Parameters<typeof begin>[0],
  { json = false }: { readonly json?: boolean | undefined },
): Promise<void> {
  const begun = await begin(body);
  if (!json && begun.state === 'running')
    console.error(
      `It goes on without this command, too. To stop it: npx darkroom dead-letters stop ${begun.id} --reason "…"`,
    );
  const run = await follow(begun, json);
  if (json) printJson(run);
  else {
    printTable(
      ['id', 'outcome', 'detail'],
      run.results.map(({ id, outcome, detail }) => [id, outcome, detail]),
    );
    printRun(run);
  }
  if (run.state === 'stopped' || run.outcomes['not-done'] !== undefined) process.exitCode = 1;
}

interface Begin {
  readonly action: BulkRun['action'];
  readonly filter?: BulkRun['filter'];
  readonly ids?: string[];
  readonly perMinute?: number;
  readonly dryRun: boolean;
  readonly reason?: string;
}
const begin = (body: Begin): Promise<BulkRun> => ask((api) => api.POST('/operations/bulk-runs', { body }));

interface BulkOptions {
  readonly all?: boolean | undefined;
  readonly dryRun?: boolean | undefined;
  readonly reason?: string | undefined;
  readonly rate?: string | undefined;
}

/** What a command line asks for: named dead letters, or those of a filter, which may be `--all`. */
export function bulkBody(
  action: BulkRun['action'],
  ids: readonly string[],
  filter: BulkRun['filter'],
  { all = false, dryRun = false, reason, rate }: BulkOptions,
): Begin {
  const isFiltered = Object.keys(filter).length > 0;
  if (ids.length === 0 && !all && !isFiltered)
    throw new Error('Name the dead letters, or a filter, or say --all.');
  if (ids.length > 0 && (all || isFiltered))
    throw new Error('Name dead letters, or say a filter, but not both.');
  if (!dryRun && reason === undefined) throw new Error('Say why: --reason "…".');
  const perMinute = rate === undefined ? undefined : Number(rate);
  return {
    ...{ action, dryRun, ...(ids.length > 0 ? { ids: [...ids] } : { filter }) },
    ...(perMinute !== undefined && { perMinute }),
    ...(reason !== undefined && { reason }),
  };
}
