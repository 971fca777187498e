import { readHubs } from '../../shared/stream/hubs.ts';
import { registerRoute } from '../register-route.ts';
import { lagHistory } from './composition.ts';
import { lagHistoryRoute } from './routes.ts';

registerRoute(lagHistoryRoute, async ({ query: { hub, minutes }, log }) => ({
  jsonBody: await (await lagHistory(log))(hub === undefined ? readHubs : [hub], minutes),
}));
