import { makeHubSettings } from '../../shared/operations/hub-settings.ts';
import { registerRoute } from '../register-route.ts';
import { composition } from '../composition.ts';
import { hubSettingsRoute } from './routes.ts';

registerRoute(hubSettingsRoute, async ({ log }) => {
  const { DARKROOM_HUB_PARTITIONS: partitions, DARKROOM_HUB_MAXIMUM_UNITS: maximumUnits } =
    composition.settings();
  const template = { partitions, maximumUnits };
  const read = makeHubSettings({ reader: await composition.hubReader(), template, log });
  return { jsonBody: { asOf: composition.clock().now().toISOString(), ...(await read()) } };
});
