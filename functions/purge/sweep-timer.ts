import { app, type InvocationContext, type Timer } from '@azure/functions';
import { invocationLog } from '../../shared/log.ts';
import { parts } from '../../shared/parts.ts';

export async function sweep(_timer: Timer, context: InvocationContext): Promise<void> {
  const log = invocationLog(context, { function: 'sweep' });
  const erasure = await parts.erasure();
  await erasure.sweep(log, await parts.events(), await parts.storageWriter())();
}

app.timer('sweep', { schedule: '0 17 * * * *', handler: sweep });
