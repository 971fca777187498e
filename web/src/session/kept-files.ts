/** Files that are not sent yet, kept in this browser so that a reload, a crash or a closed tab loses none. */

export interface KeptFile {
  /** Of the upload: sent again under it, it makes no second image. */
  readonly key: string;
  readonly personId: string;
  /** Those with a smaller one were given before. */
  readonly place: number;
  readonly file: File;
}

const databaseName = 'darkroom.uploads';
const storeName = 'files';

const answerTo = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('The browser keeps nothing.'));
  });

/** A connection for one action: none is open when another tab deletes everything. */
async function inStore<T>(
  mode: IDBTransactionMode,
  act: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  const opening = indexedDB.open(databaseName, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(storeName, { keyPath: 'key' });
  const database = await answerTo(opening);
  try {
    const transaction = database.transaction(storeName, mode, { durability: 'strict' });
    const ended = new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = () => reject(transaction.error ?? new Error('The browser keeps nothing.'));
    });
    const [answer] = await Promise.all([answerTo(act(transaction.objectStore(storeName))), ended]);
    return answer;
  } finally {
    database.close();
  }
}

/** Rejects where the browser has no room, or keeps nothing in this window. */
export const keepFile = (kept: KeptFile): Promise<unknown> =>
  inStore('readwrite', (store) => store.put(kept));

export const forgetFile = (key: string): Promise<unknown> =>
  inStore('readwrite', (store) => store.delete(key));

export const isKept = async (key: string): Promise<boolean> =>
  (await inStore('readonly', (store) => store.count(key))) > 0;

export const countKeptFiles = (): Promise<number> => inStore('readonly', (store) => store.count());

const allFiles = (): Promise<readonly KeptFile[]> =>
  inStore('readonly', (store) => store.getAll() as IDBRequest<KeptFile[]>);

/** Of that person, in the order in which they were given. */
export async function keptFiles(personId: string): Promise<readonly KeptFile[]> {
  const theirs = (await allFiles()).filter((kept) => kept.personId === personId);
  return theirs.toSorted((one, other) => one.place - other.place);
}

export async function forgetFilesOfOthers(personId: string): Promise<void> {
  for (const kept of await allFiles()) if (kept.personId !== personId) await forgetFile(kept.key);
}

export const forgetFiles = (): void => void indexedDB.deleteDatabase(databaseName);
