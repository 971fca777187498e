import { app, type InvocationContext, type Timer } from '@azure/functions';
import { invocationLog } from '../../shared/platform/log.ts';
import { composition } from '../composition.ts';

/** A receipt is complete within a minute of its erasure. */
export async function publishCheckpoint(_timer: Timer, context: InvocationContext): Promise<void> {
  const log = invocationLog(context, { function: 'ledgerCheckpoint' });
  const activity = await composition.activity();
  await activity.answer('ledgerCheckpoint', async () => {
    let dueAt: Date | undefined;
    await (await composition.ledger()).publishCheckpoint(log, () => (dueAt = new Date(0)));
    return { value: null, dueAt };
  });
}

app.timer('ledgerCheckpoint', { schedule: '50 * * * * *', handler: publishCheckpoint });
