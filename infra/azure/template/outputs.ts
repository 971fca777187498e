import { call, concat, not, when, type Argument, type Expression } from './expressions.ts';
import { appNames, apps, oneRegionOnly, type AppName } from './apps.ts';
import { alertsWorkspace } from './telemetry.ts';
import { endpoint, publicUrl } from './front-door-endpoint.ts';
import { eventHubsHost } from './event-hubs.ts';
import { identities } from './identities.ts';
import { sites, siteName } from './functions.ts';
import { tokenIssuer } from './settings.ts';
import { vaultName } from './key-vault.ts';
import { paired, primary, secondary } from './names.ts';
import { connectionString, sqlHost, databaseName } from './sql.ts';
import { containers } from '../../../shared/platform/blobs/containers.ts';
import { lake, web } from './storage.ts';
import { synapse, synapseName } from './synapse.ts';
import { parameter } from './parameters.ts';
import type { Region } from './resource.ts';

/** Apps of the passive region that must not run stand by; everything else is enabled. */
const enabled = (app: AppName, region: Region): Argument => {
  if (!oneRegionOnly.has(app)) return true;
  return region.key === 'primary' ? not(parameter('failedOver')) : parameter('failedOver');
};

const siteList = (region: Region): Expression =>
  call(
    'createArray',
    ...appNames.map((app) =>
      call(
        'createObject',
        ...['app', app, 'region', region.key, 'name', siteName(app, region)],
        ...['services', apps[app].services.join(',')],
        ...['host', sites[region.key][app].runtime('defaultHostName'), 'enabled', enabled(app, region)],
      ),
    ),
  );

const first = siteList(primary);
const both = call('concat', first, siteList(secondary));

const output = (type: 'string' | 'array' | 'object' | 'bool', value: Expression) => ({ type, value });

/** What `sls deploy`, the migrations and the people after them need to know; no secret is among it. */
export const outputs = {
  functionApps: output('array', when(paired, both, first)),
  publicUrl: output('string', publicUrl),
  tokenIssuer: output('string', tokenIssuer),
  endpointId: output('string', endpoint.id),
  webAccount: output('string', concat('', web.segments[0] ?? '')),
  vault: output('string', concat('', vaultName)),
  sqlHost: output('string', sqlHost),
  databaseName: output('string', concat(databaseName, '')),
  database: output('string', connectionString),
  eventHubsHost: output('string', eventHubsHost),
  synapse: output('string', synapse.runtime('connectivityEndpoints.sqlOnDemand')),
  lakeUrl: output('string', concat(lake.runtime('primaryEndpoints.dfs'), containers.lake)),
  synapseName: output('string', synapseName),
  logs: output('string', alertsWorkspace),
  /** App → name and client id of the identity under which it meets the database. */
  databaseUsers: output(
    'object',
    call(
      'createObject',
      ...appNames.flatMap((app) => [
        app,
        call(
          'createObject',
          'name',
          identities[app].segments[0] ?? '',
          'clientId',
          identities[app].runtime('clientId'),
        ),
      ]),
    ),
  ),
};
