import {
  closeSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Collection, Document, Loki, LokiModule } from './loki.ts';

/** A document as it is after a change; without one it is gone. */
interface Entry {
  readonly collection: string;
  readonly id: number;
  readonly document?: Document;
}

const journalName = /\.journal-(\d+)$/;

/** The changes since the last time that a database was saved whole, one file from each such time on. */
class Journal {
  readonly #file: string;
  #generation: number;
  #open: number | undefined;

  constructor(databaseFile: string) {
    this.#file = databaseFile;
    this.#generation = Math.max(0, ...this.#generations()) + 1;
  }

  #generations(): number[] {
    const names = readdirSync(dirname(this.#file)).filter((name) =>
      name.startsWith(`${basename(this.#file)}.journal-`),
    );
    return names.map((name) => Number(journalName.exec(name)?.[1])).sort((left, right) => left - right);
  }

  #path = (generation: number): string => `${this.#file}.journal-${generation}`;

  /** In the system's hands when this returns: a killed process does not take it along. */
  append(entry: Entry): void {
    this.#open ??= openSync(this.#path(this.#generation), 'a');
    const { size } = fstatSync(this.#open);
    const line = Buffer.from(`${JSON.stringify(entry)}\n`);
    try {
      for (let at = 0; at < line.length;) at += writeSync(this.#open, line, at);
    } catch (error) {
      // On a full disk a part of the line may be there, behind which the next one would not be read.
      ftruncateSync(this.#open, size);
      throw error;
    }
  }

  /** The last change of each document. A line that was not finished was not acknowledged, either. */
  read(): Entry[] {
    const lines = this.#generations().flatMap((one) =>
      readFileSync(this.#path(one), 'utf8').split('\n').slice(0, -1),
    );
    const entries = lines.map((line) => JSON.parse(line) as Entry);
    return [...new Map(entries.map((entry) => [`${entry.collection} ${entry.id}`, entry])).values()];
  }

  /** What comes from now on goes to the next file; answers how to drop those before, once all is saved. */
  rotate(): () => void {
    const saved = this.#generation;
    if (this.#open !== undefined) closeSync(this.#open);
    this.#open = undefined;
    this.#generation += 1;
    return () => {
      for (const one of this.#generations().filter((generation) => generation <= saved))
        rmSync(this.#path(one), { force: true });
    };
  }
}

function apply(collection: Collection, { id, document }: Entry): void {
  const existing = collection.get(id);
  if (document !== undefined && existing !== null) collection.update(document);
  else if (document !== undefined) {
    // It gives the number after the highest that it gave, and takes no document that has one.
    collection.maxId = id - 1;
    collection.insertOne(Object.fromEntries(Object.entries(document).filter(([field]) => field !== '$loki')));
  } else if (existing !== null) collection.remove(existing);
}

function replay(database: Loki, journal: Journal): void {
  // A document that the saved database does not have is younger than all that it has: in their order, numbers rise.
  for (const entry of journal.read().sort((left, right) => left.id - right.id)) {
    const collection = database.getCollection(entry.collection);
    if (collection !== null) apply(collection, entry);
  }
}

/**
 * Makes each change to Azurite's index durable before it is acknowledged, against a process that is killed. LokiJS, where
 * Azurite keeps it, writes all of it down every few seconds; what was changed since is kept in a journal beside it.
 */
export function keepJournal({ prototype: loki, Collection: { prototype: collections } }: LokiModule): void {
  const journals = new WeakMap<Loki, Journal>();
  const journalOf = new WeakMap<Collection, Journal>();
  const open = (database: Loki): Journal => {
    const journal = journals.get(database) ?? new Journal(database.filename);
    journals.set(database, journal);
    return journal;
  };
  const note = (collection: Collection, id: number, document?: Document): void =>
    journalOf.get(collection)?.append({ collection: collection.name, id, ...(document && { document }) });

  const { loadDatabase, addCollection, saveDatabaseInternal } = loki;
  loki.loadDatabase = function (options, done) {
    loadDatabase.call(this, options, (error) => {
      if (!error) replay(this, open(this));
      for (const collection of this.collections) journalOf.set(collection, open(this));
      done(error);
    });
  };
  loki.addCollection = function (name, options) {
    const collection = addCollection.call(this, name, options);
    journalOf.set(collection, open(this));
    return collection;
  };
  loki.saveDatabaseInternal = function (done) {
    const drop = open(this).rotate();
    saveDatabaseInternal.call(this, (error) => {
      if (!error) drop();
      done?.(error);
    });
  };

  const { insertOne, update, remove } = collections;
  collections.insertOne = function (document, isBulk) {
    const inserted = insertOne.call(this, document, isBulk);
    if (inserted) note(this, inserted.$loki, inserted);
    return inserted;
  };
  collections.update = function (document) {
    const updated = update.call(this, document);
    if (updated) note(this, updated.$loki, updated);
    return updated;
  };
  collections.remove = function (document) {
    const { $loki } = document;
    const removed = remove.call(this, document);
    note(this, $loki);
    return removed;
  };
}
