import { app, type InvocationContext, type Timer } from '@azure/functions';
import { invocationLog } from '../../shared/platform/log.ts';
import { withLog } from '../../shared/stream/invocation-log.ts';
import { expireChunks } from './composition.ts';

/** Images whose chunks did not all come become dead letters. */
async function expireIncompleteChunks(_timer: Timer, context: InvocationContext): Promise<void> {
  const expire = await expireChunks();
  await withLog(invocationLog(context, { function: 'expireChunks' }), expire);
}

app.timer('expireChunks', { schedule: '30 * * * * *', handler: expireIncompleteChunks });
