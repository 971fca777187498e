import { app, type InvocationContext, type Timer } from '@azure/functions';
import { invocationLog } from '../../shared/platform/log.ts';
import { composition } from '../composition.ts';

export async function exportWarehouse(_timer: Timer, context: InvocationContext): Promise<void> {
  const log = invocationLog(context, { function: 'exportWarehouse' });
  const activity = await composition.activity();
  const ask = async () => {
    await (await composition.warehouse()).exportAll(log);
    return { value: null };
  };
  await activity.answer('exportWarehouse', ask, { notesHolding: true });
}

app.timer('exportWarehouse', { schedule: '0 */15 * * * *', handler: exportWarehouse });
