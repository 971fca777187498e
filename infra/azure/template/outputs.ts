import { call, concat, when, type Expression, type Text } from './expressions.ts';
import { appNames, apps, type AppName } from './apps.ts';
import { alertsWorkspace } from './telemetry.ts';
import { domainValidation, endpoint, publicUrl } from './front-door-endpoint.ts';
import { eventHubsHost } from './event-hubs.ts';
import { identities } from './identities.ts';
import { hostName, isEnabled, siteName } from './functions.ts';
import { tokenIssuer } from './settings.ts';
import { ledgerVaultName, vaultName } from './key-vault.ts';
import { paired, primary, secondary } from './names.ts';
import { connectionString, sqlHost, databaseName } from './sql.ts';
import { containers } from '../../../shared/platform/blobs/containers.ts';
import { lake, web } from './storage.ts';
import { synapse, synapseName } from './synapse.ts';
import { parameter } from './parameters.ts';
import type { Region } from './resource.ts';

const siteList = (region: Region, enabled: (app: AppName) => boolean): Expression =>
  call(
    'createArray',
    ...appNames.map((app) =>
      call(
        'createObject',
        ...['app', app, 'region', region.key, 'name', siteName(app, region)],
        ...['services', apps[app].services.join(',')],
        ...['host', hostName(app, region), 'enabled', enabled(app)],
      ),
    ),
  );

const first = siteList(primary, (app) => isEnabled(app, primary));
const both = call(
  'concat',
  first,
  siteList(secondary, (app) => isEnabled(app, secondary)),
);
const takenOver = siteList(secondary, () => true);

const failedOver = parameter('failedOver');
const webIn = ({ key }: Region): Text => web[key].segments[0] ?? '';
const webAccounts = when(
  failedOver,
  call('createArray', webIn(secondary)),
  when(paired, call('createArray', webIn(primary), webIn(secondary)), call('createArray', webIn(primary))),
);
/** What only the first region knows; nobody asks it while it is lost. */
const unlessLost = (value: Expression): Expression => when(failedOver, '', value);

const output = (type: 'string' | 'array' | 'object' | 'bool', value: Expression) => ({ type, value });

const lakeUrl = concat(
  ...['https://', lake.segments[0] ?? '', '.dfs.', call('environment').get('suffixes.storage'), '/'],
  containers.lake,
);

/** What `sls deploy`, the migrations and the people after them need to know; no secret is among it. */
export const outputs = {
  functionApps: output('array', when(failedOver, takenOver, when(paired, both, first))),
  publicUrl: output('string', publicUrl),
  /** TXT record `_dnsauth` of the custom domain; empty without one. */
  domainValidation: output('string', domainValidation),
  tokenIssuer: output('string', tokenIssuer),
  endpointId: output('string', endpoint.id),
  /** Where console and releases are kept; the first one is read. */
  webAccounts: output('array', webAccounts),
  vault: output('string', concat('', vaultName)),
  ledgerVault: output('string', concat('', ledgerVaultName)),
  sqlHost: output('string', sqlHost),
  databaseName: output('string', concat(databaseName, '')),
  database: output('string', connectionString),
  eventHubsHost: output('string', eventHubsHost),
  synapse: output('string', unlessLost(synapse.runtime('connectivityEndpoints.sqlOnDemand'))),
  lakeUrl: output('string', lakeUrl),
  synapseName: output('string', synapseName),
  logs: output('string', unlessLost(alertsWorkspace)),
  /** App → name and client id of the identity under which it meets the database. */
  databaseUsers: output(
    'object',
    when(
      failedOver,
      call('createObject'),
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
  ),
};
