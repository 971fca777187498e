import { app, type InvocationContext, type Timer } from '@azure/functions';
import { invocationLog } from '../../shared/platform/log.ts';
import { composition } from '../composition.ts';
import { publishAfterPurge } from './publish-after-purge.ts';

/** Ends before the next one starts, and well within a function's ten minutes. Milliseconds. */
const budget = 4 * 60_000;

export async function purge(_timer: Timer, context: InvocationContext): Promise<void> {
  const log = invocationLog(context, { function: 'purge' });
  const activity = await composition.activity();
  await activity.answer('purge', async () => {
    const erasure = await composition.erasure();
    await erasure.purge(log)({ until: Date.now() + budget });
    await publishAfterPurge(log);
    return { value: null, dueAt: await erasure.nextPurgeDue() };
  });
}

app.timer('purge', { schedule: '0 */5 * * * *', handler: purge });
