import { app, type InvocationContext, type Timer } from '@azure/functions';
import { invocationLog } from '../../shared/platform/log.ts';
import { composition } from '../composition.ts';

async function reconcileLake(_timer: Timer, context: InvocationContext): Promise<void> {
  const log = invocationLog(context, { function: 'reconcileLake' });
  const warehouse = await composition.warehouse();
  log.info('warehouse.reconciled', { ...(await warehouse.reconcileImages()) });
}

app.timer('reconcileLake', { schedule: '0 40 * * * *', handler: reconcileLake });
