import { DarkroomError } from '../../shared/platform/errors.ts';
import { registerRoute } from '../register-route.ts';
import { composition } from '../composition.ts';
import { streamState } from './composition.ts';
import { streamRoute } from './routes.ts';

registerRoute(streamRoute, async () => {
  const measure = await streamState();
  const groups = await measure().catch((cause: unknown) => {
    throw new DarkroomError('unavailable', 'The event hubs cannot be reached; try again.', { cause });
  });
  return { jsonBody: { asOf: composition.clock().now().toISOString(), groups } };
});
