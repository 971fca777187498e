import { makeSeal } from '../shared/platform/auth/seal.ts';
import type { Authenticate } from '../shared/platform/auth/verify.ts';
import { shiftedClock, type Clock } from '../shared/platform/clock.ts';
import { clockOffset } from '../shared/platform/clock-offset.ts';
import { readSettings, type Settings } from '../shared/platform/config.ts';
import type { Activity } from '../shared/platform/activity/activity.ts';
import type { Database } from '../shared/database/port.ts';
import type { Ledger } from '../shared/images/erase/ledger/open.ts';
import type { Erasure } from '../shared/images/erase/open.ts';
import type { EventHubsAddress, EventSender } from '../shared/stream/event-sender.ts';
import { processLog } from '../shared/platform/log.ts';
import { makeStoreTime } from '../shared/platform/store-time.ts';
import { memo, once } from '../shared/platform/memo.ts';
import type { HubReader } from '../shared/stream/hub-reader.ts';
import type { Processing } from '../shared/images/process/ports.ts';
import { makeUrlSigner, type UrlSigner } from '../shared/images/read/signed-url.ts';
import type { StorageReader, StorageWriter } from '../shared/images/store/ports.ts';
import type { Uploads } from '../shared/images/receive/uploads/uploads.ts';
import type { LakeExports } from '../shared/lake/open.ts';

/**
 * Every dependency that a function may ask for, made at first use from the environment and kept for the life of the
 * process. Its module is imported only then, so a service loads what it uses and no more.
 */
export interface Composition {
  settings(): Settings;
  clock(): Clock;
  /** By how much this machine's clock is ahead of the image store's; undefined when the store does not say. Milliseconds. */
  clockAhead(): Promise<number | undefined>;
  authenticate(): Promise<Authenticate>;
  /** What is known of the database without asking it. */
  activity(): Promise<Activity>;
  database(): Promise<Database>;
  urlSigner(): UrlSigner;
  storageReader(): Promise<StorageReader>;
  storageWriter(): Promise<StorageWriter>;
  events(): Promise<EventSender>;
  eventHubs(): EventHubsAddress;
  hubReader(): Promise<HubReader>;
  processing(): Promise<Processing>;
  uploads(): Promise<Uploads>;
  ledger(): Promise<Ledger>;
  erasure(): Promise<Erasure>;
  warehouse(): Promise<LakeExports>;
  /** What else to close when the process ends. */
  onClose(close: () => Promise<void>): void;
  /** Closes connections, so that a process that has ended its work can end. */
  close(): Promise<void>;
}

const settings = once(() => readSettings());

const storeTime = makeStoreTime();

/** The store's time, so that an image is due by the clock that keeps it, whatever the machine's says. */
const clock = once((): Clock => {
  const file = settings().DARKROOM_CLOCK_OFFSET_FILE;
  return shiftedClock(file === undefined ? () => 0 : clockOffset(file), () => storeTime.now());
});

/** Signed in to as `clientId`; what is done with it goes by its time. */
async function imageStore(clientId: string | undefined) {
  const { blobService } = await import('../shared/platform/blobs/blob-service.ts');
  const blobs = blobService(settings().DARKROOM_IMAGE_STORAGE, clientId);
  await storeTime.follow(blobs.url);
  return blobs;
}

const eventHubs = (): EventHubsAddress => {
  const {
    DARKROOM_EVENT_HUBS: connectionString,
    DARKROOM_EVENT_HUBS__fullyQualifiedNamespace: fullyQualifiedNamespace,
    DARKROOM_EVENT_HUBS__clientId: clientId,
  } = settings();
  return { connectionString, fullyQualifiedNamespace, clientId };
};

/** What to close at the end, in the order in which it was made. */
const closers: (() => Promise<void>)[] = [];

const sleeps = (): boolean => settings().DARKROOM_DATABASE_SLEEPS;

const activity = memo(async (): Promise<Activity> => {
  const { alwaysAsk, makeActivity } = await import('../shared/platform/activity/activity.ts');
  if (!sleeps()) return alwaysAsk;
  const [{ makeActivityStore }, { blobService }] = await Promise.all([
    import('../shared/platform/blobs/activity-store.ts'),
    import('../shared/platform/blobs/blob-service.ts'),
  ]);
  // Signed in to as the app, as the database is: every app that changes it has to tell, not only those that write images.
  const blobs = blobService(settings().DARKROOM_IMAGE_STORAGE, settings().DARKROOM_DATABASE_CLIENT_ID);
  return makeActivity({ store: makeActivityStore(blobs), clock: clock(), log: processLog() });
});

const mark = async (): Promise<void> => (await composition.activity()).changes();

const database = memo(async () => {
  const { openDatabase } = await import('../shared/database/open.ts');
  const opened = openDatabase(settings());
  closers.push(() => opened.close());
  if (!sleeps()) return opened;
  const { markedDatabase } = await import('../shared/database/marked-database.ts');
  return markedDatabase(opened, mark);
});

const ledger = memo(async () => {
  const { openLedger } = await import('../shared/images/erase/ledger/open.ts');
  return openLedger({ settings: settings(), clock: clock(), database: await database() });
});

export const composition: Composition = {
  settings,
  clock,
  async clockAhead() {
    await imageStore(settings().DARKROOM_STORAGE_READER_CLIENT_ID);
    return storeTime.measure();
  },
  activity,
  database,
  ledger,
  urlSigner: once(() => {
    const { DARKROOM_URL_SIGNING_KEY: key, DARKROOM_URL_SIGNING_KEY_PREVIOUS: previous } = settings();
    if (key === undefined) throw new Error('DARKROOM_URL_SIGNING_KEY is not set where addresses are signed.');
    return makeUrlSigner(makeSeal(key, previous), clock());
  }),
  storageReader: memo(async () => {
    const { makeStorageReader } = await import('../shared/images/store/reader.ts');
    const blobs = await imageStore(settings().DARKROOM_STORAGE_READER_CLIENT_ID);
    return makeStorageReader({ blobs, database: await database(), clock: clock() });
  }),
  storageWriter: memo(async () => {
    const { makeStorageWriter } = await import('../shared/images/store/writer.ts');
    const writer = makeStorageWriter({
      blobs: await imageStore(settings().DARKROOM_STORAGE_WRITER_CLIENT_ID),
      database: await database(),
      clock: clock(),
    });
    if (!sleeps()) return writer;
    const { markedWriter } = await import('../shared/images/store/marked-writer.ts');
    return markedWriter(writer, mark);
  }),
  eventHubs,
  hubReader: memo(async () => {
    const { makeHubReader } = await import('../shared/stream/hub-reader.ts');
    const reader = makeHubReader(eventHubs());
    closers.push(() => reader.close());
    return reader;
  }),
  processing: memo(async () => {
    const { createProcessing, processingOptions } = await import('../shared/images/process/pool.ts');
    const processing = await createProcessing(processingOptions(settings()));
    closers.push(() => processing.close());
    return processing;
  }),
  events: memo(async () => {
    const { makeEventSender } = await import('../shared/stream/event-sender.ts');
    const sender = makeEventSender(eventHubs());
    closers.push(() => sender.close());
    return sender;
  }),
  uploads: memo(async () => {
    const [{ openUploads }, { imageReceivedEvent }, { hubs }] = await Promise.all([
      import('../shared/images/receive/uploads/open.ts'),
      import('../shared/images/store/image-received-event.ts'),
      import('../shared/stream/hubs.ts'),
    ]);
    const uploads = openUploads(await imageStore(settings().DARKROOM_STORAGE_WRITER_CLIENT_ID), {
      clock: clock(),
      maxBytes: settings().DARKROOM_MAX_IMAGE_BYTES,
      // Without the owner: an upload may end a day after it began, and a hub keeps what it holds for another.
      announce: async ({ id: imageId, correlationId, createdAt }) => {
        const event = imageReceivedEvent({ imageId, correlationId, at: new Date(createdAt) });
        await (await composition.events()).send(hubs.stream, event);
      },
    });
    if (!sleeps()) return uploads;
    const { markedUploads } = await import('../shared/images/receive/uploads/marked-uploads.ts');
    return markedUploads(uploads, mark);
  }),
  erasure: memo(async () => {
    const [{ openErasure }, { openLakeEraser }] = await Promise.all([
      import('../shared/images/erase/open.ts'),
      import('../shared/lake/open.ts'),
    ]);
    const lake = openLakeEraser(settings());
    const { signer } = await ledger();
    const blobs = await imageStore(settings().DARKROOM_STORAGE_WRITER_CLIENT_ID);
    return openErasure({
      ...{ settings: settings(), clock: clock(), storeTime, blobs, database: await database(), lake, signer },
    });
  }),
  onClose: (close) => void closers.push(close),
  warehouse: memo(async () => {
    const { openLakeExports, requireLakeStore } = await import('../shared/lake/open.ts');
    return openLakeExports({
      store: requireLakeStore(settings()),
      database: await database(),
      clock: clock(),
    });
  }),
  close: async () => {
    await Promise.all(closers.splice(0).map((close) => close()));
  },
  authenticate: memo(async () => {
    const { makeAuthenticate } = await import('../shared/platform/auth/verify.ts');
    const { DARKROOM_TOKEN_ISSUER: issuer, DARKROOM_TOKEN_AUDIENCE: audience } = settings();
    return makeAuthenticate({ issuer, audience });
  }),
};
