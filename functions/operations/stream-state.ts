import { DarkroomError } from '../../shared/errors.ts';
import { registerRoute } from '../../shared/http/register.ts';
import { parts } from '../../shared/parts.ts';
import { streamState } from './parts.ts';
import { streamRoute } from './routes.ts';

export const getStreamState = registerRoute(streamRoute, async () => {
  const measure = await streamState();
  const groups = await measure().catch((cause: unknown) => {
    throw new DarkroomError('unavailable', 'The event hubs cannot be reached; try again.', { cause });
  });
  return { jsonBody: { asOf: parts.clock().now().toISOString(), groups } };
});
