import type { Database } from '../../shared/database/port.ts';
import type { LakeStore } from '../../shared/lake/store/port.ts';
import type { TestWarehouse } from './warehouse.ts';

/** What ends an export in a test, in the place of a power cut. */
export class Killed extends Error {}

/** Counts the steps of an export that something outside sees, and ends it when `after` of them have taken effect. */
export function killer({ store, database }: TestWarehouse, after = Infinity) {
  let steps = 0;
  const step = async <T>(run: () => Promise<T>): Promise<T> => {
    steps += 1;
    if (steps > after) throw new Killed();
    return run();
  };
  const killedStore: LakeStore = {
    list: (prefix) => step(() => store.list(prefix)),
    find: (path) => step(() => store.find(path)),
    read: (file) => step(() => store.read(file)),
    replace(path, replaces) {
      const write = store.replace(path, replaces);
      return {
        write: (bytes) => step(() => write.write(bytes)),
        commit: (rows) => step(() => write.commit(rows)),
      };
    },
    touch: (file) => step(() => store.touch(file)),
    remove: (file) => step(() => store.remove(file)),
    readNote: (path) => step(() => store.readNote(path)),
    writeNote: (path, text) => step(() => store.writeNote(path, text)),
  };
  const killedDatabase = {
    ...database,
    query: (...call: Parameters<Database['query']>) => step(() => database.query(...call)),
    async *stream(...call: Parameters<Database['stream']>) {
      for await (const batch of database.stream(...call)) yield await step(() => Promise.resolve(batch));
    },
    execute: (...call: Parameters<Database['execute']>) => step(() => database.execute(...call)),
  } as Database;
  return { store: killedStore, database: killedDatabase, steps: () => steps };
}
