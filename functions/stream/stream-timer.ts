import { app, type InvocationContext, type Timer } from '@azure/functions';
import { invocationLog } from '../../shared/platform/log.ts';
import { withLog } from '../../shared/stream/invocation-log.ts';
import { composition } from '../composition.ts';
import { outcomes } from '../outcomes.ts';
import { expireChunks } from './composition.ts';

/**
 * One timer for all that the service does by itself: images whose chunks did not all come become dead letters, and senders
 * are told of erasures, and of what a process that ended left untold.
 */
export async function streamTimer(_timer: Timer, context: InvocationContext): Promise<void> {
  const log = invocationLog(context, { function: 'streamTimer' });
  await withLog(log, async () => {
    const [expire, activity] = await Promise.all([expireChunks(), composition.activity()]);
    const send = async () => {
      await (await outcomes()).send();
      return { value: null };
    };
    const failed = (await Promise.allSettled([expire(), activity.answer('outcomes', send)])).find(
      (one) => one.status === 'rejected',
    );
    if (failed !== undefined) throw failed.reason as Error;
  });
}

app.timer('streamTimer', { schedule: '30 * * * * *', handler: streamTimer });
