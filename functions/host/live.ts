import { registerRoute } from '../register-route.ts';
import { liveRoute } from './routes.ts';

registerRoute(liveRoute, () => Promise.resolve({ status: 204 }));
