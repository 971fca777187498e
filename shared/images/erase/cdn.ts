import { DarkroomError } from '../../platform/errors.ts';

/** What keeps copies of what the API served. */
export interface CdnCache {
  /** Paths from the root of the site; a last segment `*` stands for all beneath. Resolves once the purge is accepted. */
  purge(paths: readonly string[]): Promise<void>;
}

/** Where nothing is cached on the way. */
export const noCdn: CdnCache = { purge: () => Promise.resolve() };

export interface FrontDoorOptions {
  /** ARM resource id of the endpoint: `/subscriptions/…/profiles/P/afdEndpoints/E`. */
  readonly endpointId: string;
  readonly token: () => Promise<string>;
  /** Of Azure Resource Manager; another cloud has another. */
  readonly management?: string;
}

const apiVersion = '2024-02-01';
/** Paths in one request that Front Door accepts. */
const maxPaths = 100;

/** Azure Front Door. A purge reaches every edge within about ten minutes of being accepted. */
export function frontDoor(options: FrontDoorOptions): CdnCache {
  const management = options.management ?? 'https://management.azure.com';
  const address = `${management}${options.endpointId}/purge?api-version=${apiVersion}`;
  return {
    async purge(paths) {
      for (let from = 0; from < paths.length; from += maxPaths) {
        const response = await fetch(address, {
          method: 'POST',
          headers: { authorization: `Bearer ${await options.token()}`, 'content-type': 'application/json' },
          body: JSON.stringify({ contentPaths: paths.slice(from, from + maxPaths) }),
        });
        await response.body?.cancel();
        if (!response.ok) {
          throw new DarkroomError('unavailable', `The CDN did not accept a purge (${response.status}).`);
        }
      }
    },
  };
}
