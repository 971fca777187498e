import { app, type InvocationContext, type Timer } from '@azure/functions';
import { invocationLog } from '../../shared/platform/log.ts';
import { composition } from '../composition.ts';

export async function reconcileLake(_timer: Timer, context: InvocationContext): Promise<void> {
  const log = invocationLog(context, { function: 'reconcileLake' });
  const activity = await composition.activity();
  await activity.answer('reconcileLake', async () => {
    const done = await (await composition.warehouse()).reconcileImages();
    log.info('warehouse.reconciled', { ...done });
    return done.skipped === 0 ? { value: null } : { value: null, dueAt: new Date(0) };
  });
}

app.timer('reconcileLake', { schedule: '0 4 * * * *', handler: reconcileLake });
