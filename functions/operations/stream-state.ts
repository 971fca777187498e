import { DarkroomError } from '../../shared/platform/errors.ts';
import { readHubs } from '../../shared/stream/hubs.ts';
import { registerRoute } from '../register-route.ts';
import { composition } from '../composition.ts';
import { hubState } from './composition.ts';
import { streamRoute } from './routes.ts';

registerRoute(streamRoute, async () => {
  const stateOf = await hubState();
  const groups = await Promise.all(readHubs.map(stateOf)).catch((cause: unknown) => {
    throw new DarkroomError('unavailable', 'The event hubs cannot be reached; try again.', { cause });
  });
  return { jsonBody: { asOf: composition.clock().now().toISOString(), groups } };
});
