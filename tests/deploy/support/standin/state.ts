import type { Deployed } from '../evaluate.ts';
import { documentedRoles } from './documented-roles.ts';
import type { FailedResource } from './failed-resource.ts';

export interface Call {
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
  readonly at: number;
}

export interface Reply {
  readonly status: number;
  readonly json?: unknown;
  readonly bytes?: Buffer;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Deployment {
  readonly name: string;
  readonly properties: Record<string, unknown> & {
    provisioningState: string;
    timestamp: string;
    failed?: readonly FailedResource[];
  };
}

export interface Site {
  readonly settings: Readonly<Record<string, string>>;
  readonly enabled: boolean;
  functions: readonly string[];
  /** How often the state of its secrets was looked at. */
  looks: number;
}

export interface Publish {
  readonly site: string;
  readonly zip: Buffer;
  looks: number;
}

/** What exists in the rehearsed subscription. */
export interface State {
  readonly calls: Call[];
  /** Access token → audience it is for. */
  readonly tokens: Map<string, string>;
  readonly providers: Map<string, 'Registered' | 'NotRegistered'>;
  group: { location: string; tags: Record<string, string> } | undefined;
  readonly deployments: Map<string, Deployment>;
  /** How often an unfinished deployment was looked at. */
  looks: number;
  readonly sites: Map<string, Site>;
  readonly publishes: Map<string, Publish>;
  readonly secrets: Map<string, string>;
  readonly blobs: Map<string, { bytes: Buffer; type: string | undefined; cache: string | undefined }>;
  /** What was deployed, by id in lower case. */
  readonly resources: Map<string, Deployed>;
  /** Roles of who deploys, on the subscription. */
  roles: readonly string[];
  /** A region that does not answer any more. */
  lostRegion: string | undefined;
  /** A package after whose publish nothing is loaded. */
  loadsNothing: boolean;
}

export const newState = (): State => ({
  calls: [],
  tokens: new Map(),
  providers: new Map([
    ['Microsoft.App', 'NotRegistered'],
    ['Microsoft.Synapse', 'NotRegistered'],
    ...[
      'Authorization',
      'Cdn',
      'Consumption',
      'EventHub',
      'Insights',
      'KeyVault',
      'ManagedIdentity',
      'Network',
      'OperationalInsights',
      'Sql',
      'Storage',
      'Web',
    ].map((name) => [`Microsoft.${name}`, 'Registered'] as const),
  ]),
  group: undefined,
  deployments: new Map(),
  looks: 0,
  sites: new Map(),
  publishes: new Map(),
  secrets: new Map(),
  blobs: new Map(),
  resources: new Map(),
  roles: documentedRoles(),
  lostRegion: undefined,
  loadsNothing: false,
});

export const notFound = (what: string): Reply => ({
  status: 404,
  json: { error: { code: 'ResourceNotFound', message: `${what} was not found` } },
});

const copyMap = <V>(map: ReadonlyMap<string, V>): Map<string, V> =>
  new Map(
    [...map].map(([key, value]) => [key, value !== null && typeof value === 'object' ? { ...value } : value]),
  );

/** The same subscription once more, with no calls made yet; what either does then the other does not see. */
export const copyOf = (state: State): State => ({
  ...state,
  calls: [],
  tokens: new Map(state.tokens),
  providers: new Map(state.providers),
  deployments: copyMap(state.deployments),
  sites: copyMap(state.sites),
  publishes: copyMap(state.publishes),
  secrets: new Map(state.secrets),
  blobs: copyMap(state.blobs),
  resources: new Map(state.resources),
});
