import { app, type InvocationContext, type Timer } from '@azure/functions';
import { invocationLog } from '../../shared/log.ts';
import { parts } from '../../shared/parts.ts';

export async function exportWarehouse(_timer: Timer, context: InvocationContext): Promise<void> {
  const log = invocationLog(context, { function: 'exportWarehouse' });
  const warehouse = await parts.warehouse();
  await warehouse.exportAll(log);
}

app.timer('exportWarehouse', { schedule: '0 */15 * * * *', handler: exportWarehouse });
