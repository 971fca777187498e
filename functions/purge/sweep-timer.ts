import { app, type InvocationContext, type Timer } from '@azure/functions';
import { invocationLog } from '../../shared/platform/log.ts';
import { graceMs } from '../../shared/images/erase/sweep/dependencies.ts';
import { composition } from '../composition.ts';

export async function sweep(_timer: Timer, context: InvocationContext): Promise<void> {
  const log = invocationLog(context, { function: 'sweep' });
  const activity = await composition.activity();
  const ask = async () => {
    const erasure = await composition.erasure();
    const run = erasure.sweep(log, await composition.events(), await composition.storageWriter());
    const { failed, resent } = await run();
    // What was sent again has to come to its end.
    const isDone = failed === 0 && resent === 0;
    return { value: null, dueAt: isDone ? await erasure.nextSweepDue() : new Date(0) };
  };
  await activity.answer('sweep', ask, { graceMs });
}

app.timer('sweep', { schedule: '0 2 * * * *', handler: sweep });
