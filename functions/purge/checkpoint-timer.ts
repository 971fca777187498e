import { app, type InvocationContext, type Timer } from '@azure/functions';
import { invocationLog } from '../../shared/platform/log.ts';
import { composition } from '../composition.ts';

/** A receipt is complete within a minute of its erasure. */
async function publishCheckpoint(_timer: Timer, context: InvocationContext): Promise<void> {
  const ledger = await composition.ledger();
  await ledger.publishCheckpoint(invocationLog(context, { function: 'ledgerCheckpoint' }));
}

app.timer('ledgerCheckpoint', { schedule: '*/30 * * * * *', handler: publishCheckpoint });
