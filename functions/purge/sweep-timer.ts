import { app, type InvocationContext, type Timer } from '@azure/functions';
import { invocationLog } from '../../shared/platform/log.ts';
import { composition } from '../composition.ts';

async function sweep(_timer: Timer, context: InvocationContext): Promise<void> {
  const log = invocationLog(context, { function: 'sweep' });
  const erasure = await composition.erasure();
  await erasure.sweep(log, await composition.events(), await composition.storageWriter())();
}

app.timer('sweep', { schedule: '0 17 * * * *', handler: sweep });
