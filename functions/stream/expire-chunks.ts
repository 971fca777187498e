import { app, type InvocationContext, type Timer } from '@azure/functions';
import { invocationLog } from '../../shared/log.ts';
import { withLog } from '../../shared/pipeline/invocation.ts';
import { expireChunks } from './parts.ts';

/** Images whose chunks did not all come become dead letters. */
export async function expireIncompleteChunks(_timer: Timer, context: InvocationContext): Promise<void> {
  const expire = await expireChunks();
  await withLog(invocationLog(context, { function: 'expireChunks' }), expire);
}

app.timer('expireChunks', { schedule: '30 * * * * *', handler: expireIncompleteChunks });
