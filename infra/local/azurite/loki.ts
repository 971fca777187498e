import { createRequire } from 'node:module';

/** What this folder uses of LokiJS, the database in memory where Azurite keeps what it knows of blobs. */
export type Fields = Readonly<Record<string, unknown>>;
export type Document = Fields & { readonly $loki: number };

export type Query = Readonly<Record<string, unknown>>;

export interface Resultset {
  find: (this: Resultset, query?: unknown, firstOnly?: boolean) => unknown;
}

export interface Collection {
  readonly name: string;
  maxId: number;
  get(id: number): Document | null;
  find(query: Query): Document[];
  insertOne: (this: Collection, document: Fields, isBulk?: boolean) => Document | undefined;
  update: (this: Collection, document: Document) => Document | undefined;
  remove: (this: Collection, document: Document) => unknown;
  findAndRemove: (this: Collection, query: Query) => void;
}

type Done = (error?: unknown) => void;

export interface Loki {
  readonly filename: string;
  readonly collections: readonly Collection[];
  getCollection(name: string): Collection | null;
  loadDatabase: (this: Loki, options: object, done: Done) => void;
  addCollection: (this: Loki, name: string, options?: object) => Collection;
  saveDatabaseInternal: (this: Loki, done?: Done) => void;
}

export interface LokiModule {
  new (file: string, options?: object): Loki;
  readonly prototype: Loki;
  readonly Resultset: { readonly prototype: Resultset };
  readonly Collection: { readonly prototype: Collection };
}

const azurite = createRequire(createRequire(import.meta.url).resolve('azurite/package.json'));

/** One of Azurite's own modules, by its path in the package. */
export const azuriteModule = (path: string): object => azurite(`./${path}`) as object;

/** The one that Azurite loads. */
export const azuritesLoki = (): LokiModule => azurite('lokijs') as LokiModule;
