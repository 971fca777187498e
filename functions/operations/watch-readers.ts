import { app, type InvocationContext, type Timer } from '@azure/functions';
import { invocationLog, type Log } from '../../shared/platform/log.ts';
import { composition } from '../composition.ts';
import { readers } from './composition.ts';

/** What alerts read of pauses: one that the product made, and one that lasts longer than was said. */
async function tellPauses(log: Log): Promise<void> {
  const now = composition.clock().now();
  for (const { hub, pause } of await (await readers(log)).list()) {
    if (pause === null) continue;
    const { since, isHold, remindAt } = pause;
    if (isHold) log.warn('reader.held', { hub, since });
    else if (remindAt === null || now >= remindAt) log.warn('reader.reminder', { hub, since });
  }
}

async function watch(_timer: Timer, context: InvocationContext): Promise<void> {
  await tellPauses(invocationLog(context, { function: 'watchReaders' }));
}

app.timer('watchReaders', { schedule: '15 * * * * *', handler: watch });
