import { setTimeout as sleep } from 'node:timers/promises';
import { app, type InvocationContext, type Timer } from '@azure/functions';
import { invocationLog, type Log } from '../../shared/platform/log.ts';
import { advanceBulkRun, bulkRuns } from './composition.ts';
import { watchReaders } from './watch-readers.ts';

/** Well within a function's ten minutes; the next tick goes on. Milliseconds. */
const budget = 4 * 60_000;

const watchEveryMs = 20_000;

/** Goes on with what was begun, so that nobody has to keep a page open. */
async function continueBulkRuns(log: Log): Promise<void> {
  const running = await (await bulkRuns()).running();
  if (running.length === 0) return;
  const [advance, until] = [await advanceBulkRun(log), Date.now() + budget];
  for (const run of await Promise.all(running.map(({ id }) => advance(id, until)))) {
    if (run !== undefined) log.info('bulk-run.progress', { id: run.id, state: run.state, done: run.done });
  }
}

/** There is no other tick while a run goes on, which may take minutes: pauses are told and lag is measured all the same. */
async function watchDuring(work: Promise<unknown>, log: Log): Promise<void> {
  const over = work.then(
    () => true,
    () => true,
  );
  const failures: unknown[] = [];
  do await watchReaders(log).catch((error: unknown) => failures.push(error));
  while (!(await Promise.race([over, sleep(watchEveryMs, false, { ref: false })])));
  if (failures.length > 0) throw failures[0];
}

/** One timer for all that the service does by itself: on a zone-redundant stage each function has instances of its own. */
export async function operationsTimer(_timer: Timer, context: InvocationContext): Promise<void> {
  const log = invocationLog(context, { function: 'operationsTimer' });
  const runs = continueBulkRuns(log);
  const done = await Promise.allSettled([runs, watchDuring(runs, log)]);
  const failed = done.find((one) => one.status === 'rejected');
  if (failed !== undefined) throw failed.reason as Error;
}

app.timer('operationsTimer', { schedule: '10 * * * * *', handler: operationsTimer });
