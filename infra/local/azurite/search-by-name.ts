import type { Collection, LokiModule, Query, Resultset } from './loki.ts';

/** The properties of Azurite's collections that tell most rows apart; all others have few values. */
const tellingApart = ['name', 'blobName'];

/** The same conditions, the most telling first. */
function nameFirst(query: Query): Query {
  const first = tellingApart.find((property) => typeof query[property] === 'string');
  return first === undefined ? query : { [first]: query[first], ...query };
}

/**
 * Makes a request's time independent of the number of blobs, as it is in Azure. LokiJS uses an index for the first
 * condition of a query only, and Azurite's first is the account, of which there is one; and it sorts all indexes anew when
 * a query's rows are removed, even for one row.
 */
export function searchByName({
  Resultset: { prototype: results },
  Collection: { prototype },
}: LokiModule): void {
  const { find } = results;
  results.find = function (this: Resultset, query, firstOnly) {
    const isObject = typeof query === 'object' && query !== null;
    return find.call(this, isObject ? nameFirst(query as Query) : query, firstOnly);
  };
  prototype.findAndRemove = function (this: Collection, query) {
    for (const document of this.find(query)) this.remove(document);
  };
}
