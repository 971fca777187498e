import type { Graph } from './snapshot.ts';

interface Rule {
  readonly what: string;
  readonly later: RegExp;
  readonly earlier: RegExp;
}

/** Orders that no id in a body shows: services ask for them. */
const rules: readonly Rule[] = [
  {
    what: 'pairing needs the private endpoints of both namespaces, and a pair takes no new ones on its primary',
    later: /\/disasterrecoveryconfigs\//,
    earlier: /\/privateendpoints\/[^/]*-events-namespace2?$/,
  },
  {
    what: 'a paired secondary takes no more updates',
    later: /\/disasterrecoveryconfigs\//,
    earlier: /\/networkrulesets\/default$/,
  },
  {
    what: 'Entra-only sign-in needs an administrator of Entra',
    later: /\/azureadonlyauthentications\/default$/,
    earlier: /\/administrators\/activedirectory$/,
  },
  {
    what: 'Front Door signs in to storage that knows its right already',
    later: /\/origingroups\/console$/,
    earlier: /\/storageaccounts\/drweb[^/]*\/.*\/containers\/console\/providers\/.*\/roleassignments\//,
  },
  {
    what: 'digests go to storage that knows its writer and keeps what is written',
    later: /\/ledgerdigestuploads\/current$/,
    earlier: /\/containers\/sqldbledgerdigests\/providers\/.*\/roleassignments\//,
  },
  {
    what: 'a route needs an origin in its group',
    later: /\/afdendpoints\/[^/]+\/routes\/(api|images)$/,
    earlier: /\/origingroups\/edge\/origins\/primary$/,
  },
  {
    what: 'an app needs the container of its package',
    later: /\/sites\/[^/]*-edge-[^/]*$/,
    earlier: /\/storageaccounts\/drhedge(?!2)[^/]*\/blobservices\/default\/containers\/packages$/,
  },
  {
    what: 'encryption with a key of the vault needs the right to use it',
    later: /\/(storageaccounts\/dr(img|lake)[^/]*|microsoft\.sql\/servers\/[^/]+)$/,
    earlier: /\/vaults\/[^/]+\/keys\/encryption$/,
  },
];

/** Orders that the template does not keep. */
export const brokenOrders = (graph: Graph): readonly string[] =>
  rules.flatMap(({ what, later, earlier }) => {
    const ids = [...graph.resources.keys()];
    const missing = ids
      .filter((id) => later.test(id))
      .flatMap((id) =>
        ids
          .filter((other) => earlier.test(other) && !graph.before(id).has(other))
          .map((other) => `${last(id)} before ${last(other)}`),
      );
    return missing.length === 0 ? [] : [`${what}: ${missing.join(', ')}`];
  });

const last = (id: string): string => id.split('/').slice(-2).join('/');
