import { registerRoute } from '../register-route.ts';
import { docsRoute } from './routes.ts';

registerRoute(docsRoute, () => Promise.resolve({ status: 302, headers: { location: '/docs' } }));
