import type { AzureClient } from './client.ts';
import type { Logger, Settings } from './serverless.ts';

/** What every step knows: where it deploys and what it may ask. */
export interface Context {
  readonly client: AzureClient;
  readonly subscription: string;
  readonly resourceGroup: string;
  readonly region: string;
  readonly stage: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly parameters: Readonly<Record<string, { value: unknown }>>;
  readonly serviceDir: string;
  readonly settings: Settings;
  readonly log: Logger;
}

const manager = 'https://management.azure.com';

export const inSubscription = (context: Context, path: string, version: string): string =>
  `${manager}/subscriptions/${context.subscription}${path}${path.includes('?') ? '&' : '?'}api-version=${version}`;

export const inGroup = (context: Context, path: string, version: string): string =>
  inSubscription(context, `/resourceGroups/${context.resourceGroup}${path}`, version);

export const ofResource = (id: string, path: string, version: string): string =>
  `${manager}${id}${path}?api-version=${version}`;

/** One function app of the deployment, as the template's output names it. */
export interface App {
  readonly app: string;
  readonly region: 'primary' | 'secondary';
  readonly name: string;
  readonly services: string;
  readonly host: string;
  /** False for an app of the passive region that must not run. */
  readonly enabled: boolean;
}

/** The outputs of infra/azure/template/outputs.ts. */
export interface Outputs {
  readonly functionApps: readonly App[];
  readonly publicUrl: string;
  /** Empty without a custom domain. */
  readonly domainValidation: string;
  readonly tokenIssuer: string;
  readonly endpointId: string;
  readonly webAccounts: readonly string[];
  readonly vault: string;
  readonly ledgerVault: string;
  readonly sqlHost: string;
  readonly databaseName: string;
  readonly database: string;
  readonly databaseUsers: Readonly<Record<string, { name: string; clientId: string }>>;
  readonly eventHubsHost: string;
  readonly synapse: string;
  readonly lakeUrl: string;
  readonly synapseName: string;
  readonly logs: string;
}

/** Seconds, with what a real deployment needs where serverless.yml says nothing. */
export const waits = ({ settings }: Context) => ({
  publish: settings.publishTimeout ?? 600,
  functions: settings.functionsTimeout ?? 300,
  references: settings.referencesTimeout ?? 900,
  poll: settings.pollInterval ?? 5,
});
