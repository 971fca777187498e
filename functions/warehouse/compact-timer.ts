import { app, type InvocationContext, type Timer } from '@azure/functions';
import { invocationLog } from '../../shared/log.ts';
import { parts } from '../../shared/parts.ts';

export async function compactLake(_timer: Timer, context: InvocationContext): Promise<void> {
  const log = invocationLog(context, { function: 'compactLake' });
  const warehouse = await parts.warehouse();
  for (const table of await warehouse.compact()) log.info('warehouse.compacted', { ...table });
}

app.timer('compactLake', { schedule: '0 5 3 * * *', handler: compactLake });
