import { app, type InvocationContext, type Timer } from '@azure/functions';
import { invocationLog } from '../../shared/platform/log.ts';
import { composition } from '../composition.ts';

export async function compactLake(_timer: Timer, context: InvocationContext): Promise<void> {
  const log = invocationLog(context, { function: 'compactLake' });
  const warehouse = await composition.warehouse();
  for (const table of await warehouse.compact()) log.info('warehouse.compacted', { ...table });
}

app.timer('compactLake', { schedule: '0 5 3 * * *', handler: compactLake });
