import { makeSeal, type Seal } from './auth/seal.ts';
import type { Authenticate } from './auth/verify.ts';
import { shiftedClock, systemClock, type Clock } from './clock.ts';
import { clockOffset } from './clock-offset.ts';
import { readSettings, type Settings } from './config.ts';
import type { Database } from './database/port.ts';
import type { Erasure } from './erasure/open.ts';
import type { EventSender } from './events.ts';
import { memo, once } from './memo.ts';
import type { Processing } from './processing/ports.ts';
import { makeUrlSigner, type UrlSigner } from './read/signed-url.ts';
import type { StorageReader, StorageWriter } from './storage/ports.ts';
import type { Uploads } from './storage/uploads/uploads.ts';
import type { Warehouse } from './warehouse/open.ts';

/**
 * The composition: every part that a function may ask for, made at first use from the environment and kept for the
 * life of the process. A part's module is imported only then, so a service loads what it uses and no more.
 */
export interface Parts {
  settings(): Settings;
  clock(): Clock;
  authenticate(): Promise<Authenticate>;
  database(): Promise<Database>;
  seal(): Seal;
  urlSigner(): UrlSigner;
  storageReader(): Promise<StorageReader>;
  storageWriter(): Promise<StorageWriter>;
  events(): Promise<EventSender>;
  processing(): Promise<Processing>;
  uploads(): Promise<Uploads>;
  erasure(): Promise<Erasure>;
  warehouse(): Promise<Warehouse>;
  /** What else to let go of when the process ends. */
  onClose(close: () => Promise<void>): void;
  /** Lets go of connections, so that a process that has ended its work can end. */
  close(): Promise<void>;
}

const settings = once(() => readSettings());

const clock = once((): Clock => {
  const file = settings().DARKROOM_CLOCK_OFFSET_FILE;
  return file === undefined ? systemClock : shiftedClock(clockOffset(file));
});

const seal = once((): Seal => {
  const { DARKROOM_URL_SIGNING_KEY: key, DARKROOM_URL_SIGNING_KEY_PREVIOUS: previous } = settings();
  return makeSeal(key, previous);
});

/** What to let go of at the end, in the order in which it was made. */
const closers: (() => Promise<void>)[] = [];

const database = memo(async () => {
  const { openDatabase } = await import('./database/open.ts');
  const opened = openDatabase(settings());
  closers.push(() => opened.close());
  return opened;
});

export const parts: Parts = {
  settings,
  clock,
  database,
  seal,
  urlSigner: once(() => makeUrlSigner(seal(), clock())),
  storageReader: memo(async () => {
    const [{ blobService }, { makeStorageReader }] = await Promise.all([
      import('./storage/blob-clients.ts'),
      import('./storage/reader.ts'),
    ]);
    const { DARKROOM_IMAGE_STORAGE: account, DARKROOM_STORAGE_READER_CLIENT_ID: clientId } = settings();
    const blobs = blobService(account, clientId);
    return makeStorageReader({ blobs, database: await database(), clock: clock(), seal: seal() });
  }),
  storageWriter: memo(async () => {
    const [{ blobService }, { makeStorageWriter }] = await Promise.all([
      import('./storage/blob-clients.ts'),
      import('./storage/writer.ts'),
    ]);
    const { DARKROOM_IMAGE_STORAGE: account, DARKROOM_STORAGE_WRITER_CLIENT_ID: clientId } = settings();
    return makeStorageWriter({
      blobs: blobService(account, clientId),
      database: await database(),
      clock: clock(),
    });
  }),
  processing: memo(async () => {
    const { createProcessing, processingOptions } = await import('./processing/pool.ts');
    const processing = await createProcessing(processingOptions(settings()));
    closers.push(() => processing.close());
    return processing;
  }),
  events: memo(async () => {
    const { makeEventSender } = await import('./events.ts');
    const sender = makeEventSender({
      connectionString: settings().DARKROOM_EVENT_HUBS,
      fullyQualifiedNamespace: settings().DARKROOM_EVENT_HUBS__fullyQualifiedNamespace,
      clientId: settings().DARKROOM_EVENT_HUBS__clientId,
    });
    closers.push(() => sender.close());
    return sender;
  }),
  uploads: memo(async () => {
    const [{ blobService }, { openUploads }] = await Promise.all([
      import('./storage/blob-clients.ts'),
      import('./storage/uploads/open.ts'),
    ]);
    const { DARKROOM_IMAGE_STORAGE: account, DARKROOM_STORAGE_WRITER_CLIENT_ID: clientId } = settings();
    return openUploads(blobService(account, clientId), clock());
  }),
  erasure: memo(async () => {
    const [{ openErasure }, { openLakeEraser }] = await Promise.all([
      import('./erasure/open.ts'),
      import('./warehouse/open.ts'),
    ]);
    const lake = openLakeEraser(settings());
    return openErasure({ settings: settings(), clock: clock(), database: await database(), lake });
  }),
  onClose: (close) => void closers.push(close),
  warehouse: memo(async () => {
    const { openWarehouse, requireLakeStore } = await import('./warehouse/open.ts');
    return openWarehouse({
      store: requireLakeStore(settings()),
      database: await database(),
      clock: clock(),
    });
  }),
  close: async () => {
    await Promise.all(closers.splice(0).map((close) => close()));
  },
  authenticate: memo(async () => {
    const { makeAuthenticate } = await import('./auth/verify.ts');
    const { DARKROOM_TOKEN_ISSUER: issuer, DARKROOM_TOKEN_AUDIENCE: audience } = settings();
    return makeAuthenticate({ issuer, audience });
  }),
};
