import { call, type Expression } from './expressions.ts';

interface Parameter {
  readonly type: 'string' | 'int' | 'bool';
  readonly defaultValue?: string | number | boolean;
  readonly allowedValues?: readonly (string | number)[];
  readonly minValue?: number;
  readonly maxValue?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly metadata: { readonly description: string };
}

const text = (description: string, more: Omit<Parameter, 'type' | 'metadata'> = {}) =>
  ({ type: 'string', ...more, metadata: { description } }) as const;
const number = (description: string, defaultValue: number) =>
  ({ type: 'int', defaultValue, metadata: { description } }) as const;
const flag = (description: string) =>
  ({ type: 'bool', defaultValue: false, metadata: { description } }) as const;

/** Everything in which two stages differ; no default is a secret, no secret is a parameter. */
export const parameters = {
  stage: text('Short name of the stage; part of resource names.', { minLength: 1, maxLength: 8 }),
  location: text('Region of everything that is not global.', { minLength: 1 }),
  secondaryLocation: text('Paired region; empty for a stage that lives in one region.', { defaultValue: '' }),
  failedOver: flag('True while the secondary region is the active one (docs/disaster-recovery.md).'),

  sqlAdministratorName: text('Entra group that administers Azure SQL and Synapse.', { minLength: 1 }),
  sqlAdministratorObjectId: text('Object id of that group.', { minLength: 36, maxLength: 36 }),
  deployerPrincipalId: text('Object id of who runs `sls deploy`: releases, console, key rotation.', {
    minLength: 36,
    maxLength: 36,
  }),
  deployerPrincipalType: text('What the deployer is.', {
    defaultValue: 'ServicePrincipal',
    allowedValues: ['ServicePrincipal', 'User', 'Group'],
  }),
  producerPrincipalId: text('Object id of the application that sends images by Kafka; empty for none.', {
    defaultValue: '',
  }),
  outcomeReaderPrincipalId: text(
    'Object id of the application that reads what became of images; empty for none.',
    { defaultValue: '' },
  ),
  tokenAudience: text('Audience of access tokens: the client id of the API registration.', { minLength: 1 }),

  alertEmail: text('Where alerts and budget warnings go.', { minLength: 3 }),
  monthlyBudget: number('Budget of the resource group a month, in the currency of the bill.', 150),
  budgetStartDate: text(
    'First day of a month, yyyy-mm-dd; a budget cannot start earlier than its creation month.',
    {
      minLength: 10,
    },
  ),
  logAlertMinutes: {
    ...number('Minutes between two looks of the rules over logs that are urgent: each costs by them.', 15),
    ...{ allowedValues: [5, 15] },
  },
  logRetentionDays: number('Days that Log Analytics keeps logs.', 30),

  privateNetwork: flag('Data stores answer only inside the virtual network (private endpoints).'),
  producerAddresses: text(
    'Address ranges (CIDR, comma-separated) from which Kafka producers may come; empty for none.',
    { defaultValue: '' },
  ),
  producerSubnetId: text(
    "Subnet in the producers' own network, same region, that gets private endpoints of Event Hubs; empty for none.",
    { defaultValue: '' },
  ),
  databaseAddresses: text(
    'Address ranges (FIRST-LAST, comma-separated) that may reach SQL and Synapse; empty for none.',
    { defaultValue: '' },
  ),
  customerManagedKeys: flag('Storage and SQL are encrypted with a key in the vault.'),
  frontDoorSku: text('Premium adds managed WAF rules and private links to origins.', {
    defaultValue: 'Standard_AzureFrontDoor',
    allowedValues: ['Standard_AzureFrontDoor', 'Premium_AzureFrontDoor'],
  }),
  customDomain: text(
    'Name under which the console and the API answer, beside that of Front Door; empty for none.',
    {
      defaultValue: '',
    },
  ),
  peopleBehindOneAddress: number(
    'People who may work behind one network address before the firewall limits its requests.',
    50,
  ),

  storageSku: text('Redundancy of images and lake.', {
    defaultValue: 'Standard_LRS',
    allowedValues: ['Standard_LRS', 'Standard_ZRS', 'Standard_GRS', 'Standard_GZRS', 'Standard_RAGZRS'],
  }),
  eventHubsMaximumUnits: number('Throughput units that auto-inflate may reach.', 2),
  eventHubsPaired: flag('True when the namespaces are paired already; `sls deploy` finds out by itself.'),
  partitionCount: number('Partitions of each stream hub; it cannot shrink, on Standard it cannot change.', 4),
  sqlTier: text('Serverless pauses when idle; Hyperscale has a read replica and grows past 4 TB.', {
    defaultValue: 'serverless',
    allowedValues: ['serverless', 'hyperscale'],
  }),
  sqlMaximumCores: number('vCores of the database.', 1),
  sqlAutoPauseMinutes: number(
    'Idle minutes before a serverless database pauses, 15 or more; -1 never, needed with a pair.',
    15,
  ),
  sqlMaximumGb: number('Size that a serverless database may reach, which is what its storage costs.', 32),
  backupDays: {
    ...number(
      'Days of point-in-time restore of the database: so long rows of erased images stay in backups.',
      7,
    ),
    ...{ minValue: 1, maxValue: 7 },
  },
  ledgerWebhook: text('URL that is sent every checkpoint of the ledger of erasures; empty for none.', {
    defaultValue: '',
  }),
  ledgerDigestsLocked: flag(
    'True when the policy of the digests is locked; `sls deploy` finds out by itself.',
  ),
  zoneRedundant: flag('Spread apps, their storage and SQL over availability zones.'),

  maximumInstances: number('Instances that one function app may scale out to.', 40),
  alwaysReadyInstances: number('Instances kept warm for HTTP; each costs while idle.', 0),
  pipelineMemoryMb: number('Memory of a pipeline instance: 512, 2048 or 4096.', 2048),
} as const satisfies Record<string, Parameter>;

export type ParameterName = keyof typeof parameters;

export const parameter = (name: ParameterName): Expression => call('parameters', name);
