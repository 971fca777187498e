import { createRequire } from 'node:module';

type Query = Readonly<Record<string, unknown>>;

interface Resultset {
  find: (this: Resultset, query?: unknown, firstOnly?: boolean) => unknown;
}

interface Collection {
  find(query: Query): unknown[];
  remove(document: unknown): unknown;
  findAndRemove(query: Query): void;
}

interface Loki {
  readonly Resultset: { readonly prototype: Resultset };
  readonly Collection: { readonly prototype: Collection };
}

/** The properties of Azurite's collections that tell most rows apart; all others have few values. */
const tellingApart = ['name', 'blobName'];

/** The same conditions, the most telling first. */
function nameFirst(query: Query): Query {
  const first = tellingApart.find((property) => typeof query[property] === 'string');
  return first === undefined ? query : { [first]: query[first], ...query };
}

/**
 * Makes a request's time independent of the number of blobs, as it is in Azure. LokiJS, where Azurite keeps what it
 * knows of them, uses an index for the first condition of a query only, and Azurite's first is the account, of which
 * there is one; and it sorts all indexes anew when a query's rows are removed, even for one row.
 */
export function searchByName(): void {
  const azurite = createRequire(createRequire(import.meta.url).resolve('azurite/package.json'));
  const { Resultset, Collection } = azurite('lokijs') as Loki;
  const { find } = Resultset.prototype;
  Resultset.prototype.find = function (query, firstOnly) {
    const isObject = typeof query === 'object' && query !== null;
    return find.call(this, isObject ? nameFirst(query as Query) : query, firstOnly);
  };
  Collection.prototype.findAndRemove = function (this: Collection, query) {
    for (const document of this.find(query)) this.remove(document);
  };
}
