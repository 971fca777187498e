import type { blobService } from '../../platform/blobs/blob-service.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Settings } from '../../platform/config.ts';
import { DarkroomError } from '../../platform/errors.ts';
import type { Database } from '../../database/port.ts';
import type { EventSender } from '../../stream/event-sender.ts';
import { credentialOf } from '../../platform/credential.ts';
import type { Log } from '../../platform/log.ts';
import { maxClockDifferenceMs, type StoreTime } from '../../platform/store-time.ts';
import { makeErasureStore } from '../store/erasure-store.ts';
import { makeInventory } from '../store/inventory.ts';
import type { LakeEraser } from './lake-eraser.ts';
import type { StorageWriter } from '../store/ports.ts';
import { frontDoor, noCdn, type CdnCache } from './cdn.ts';
import { openExpiredUploads } from '../receive/uploads/open.ts';
import { makeErase, type Erase } from './erase.ts';
import { makeExpireUploads } from './expire-uploads.ts';
import { nextPurgeDue } from './next-purge-due.ts';
import type { NoteSigner } from './ledger/signed-note.ts';
import { makePurge } from './purge.ts';
import { makeReplayLedger } from './replay-ledger.ts';
import { makeSweep } from './sweep.ts';
import { nextSweepDue } from './sweep/next-due.ts';
import { makeUploader, type Uploader } from './uploader.ts';
import { makeDeadLetterPayloads } from '../store/dead-letter-payloads.ts';

/** Everything that takes images away, under the storage writer's identity. */
export interface Erasure {
  readonly erase: Erase;
  readonly purge: (log: Log) => ReturnType<typeof makePurge>;
  /** The sweep sends events, so its sender is opened with it. */
  readonly sweep: (log: Log, events: EventSender, writer: StorageWriter) => ReturnType<typeof makeSweep>;
  /** When either has something to do next, though nothing changes. */
  readonly nextPurgeDue: () => Promise<Date | undefined>;
  readonly nextSweepDue: () => Promise<Date | undefined>;
  /** Of one person, by the id that images are kept under. */
  readonly uploader: (writer: Pick<StorageWriter, 'chunkSets'>) => Uploader;
  readonly replayLedger: (log: Log) => ReturnType<typeof makeReplayLedger>;
}

export interface ErasureOptions {
  readonly settings: Settings;
  /** Goes by `storeTime`. */
  readonly clock: Clock;
  readonly storeTime: Pick<StoreTime, 'measure'>;
  readonly blobs: ReturnType<typeof blobService>;
  readonly database: Database;
  readonly lake: LakeEraser | undefined;
  readonly signer: NoteSigner;
}

const managementScope = 'https://management.azure.com/.default';

function cdnOf(settings: Settings): CdnCache {
  const endpointId = settings.DARKROOM_CDN_ENDPOINT_ID;
  if (endpointId === undefined) return noCdn;
  if (!endpointId.startsWith('/')) {
    const { origin: management, pathname, password } = new URL(endpointId);
    return frontDoor({ endpointId: pathname, management, token: () => Promise.resolve(password) });
  }
  const credential = credentialOf(settings.DARKROOM_STORAGE_WRITER_CLIENT_ID);
  return frontDoor({
    endpointId,
    token: async () => (await credential.getToken(managementScope))?.token ?? '',
  });
}

/**
 * Asks the store for its time before anything is due by it, and tells of a machine whose clock is elsewhere. Without an answer
 * nothing is due: all that is known may be that machine's time.
 */
async function checkClock(storeTime: Pick<StoreTime, 'measure'>, log: Log): Promise<void> {
  const ahead = await storeTime.measure();
  if (ahead === undefined) {
    throw new DarkroomError(
      'unavailable',
      'The image store does not tell its time, by which images are due.',
    );
  }
  if (Math.abs(ahead) <= maxClockDifferenceMs) return;
  const error = new Error('The clock of this machine differs from the store’s by more than an hour.');
  log.error('clock.differs', error, { aheadSeconds: Math.round(ahead / 1000) });
}

export function openErasure(options: ErasureOptions): Erasure {
  const { settings, clock, storeTime, blobs, database, lake, signer } = options;
  const store = makeErasureStore(blobs);
  const erase = makeErase({ store, database, cdn: cdnOf(settings), clock, lake, signer });
  return {
    erase,
    purge: (log) => async (asked) => {
      await checkClock(storeTime, log);
      return makePurge({ database, erase, clock, log })(asked);
    },
    sweep: (log, events, writer) => {
      const uploads = openExpiredUploads(blobs);
      const expireUploads = makeExpireUploads({ uploads, erase, clock, log });
      const inventory = makeInventory(blobs);
      const sweep = makeSweep({ inventory, database, erase, events, writer, expireUploads, clock, log });
      return async (asked) => {
        await checkClock(storeTime, log);
        return sweep(asked);
      };
    },
    nextPurgeDue: () => nextPurgeDue(database),
    nextSweepDue: () =>
      nextSweepDue({ database, inventory: makeInventory(blobs), uploads: openExpiredUploads(blobs) }),
    uploader: (storage) =>
      makeUploader({
        ...{ database, storage, erase, inventory: makeInventory(blobs) },
        ...{ uploads: openExpiredUploads(blobs), payloads: makeDeadLetterPayloads(blobs) },
      }),
    replayLedger: (log) => makeReplayLedger({ database, erase, clock, log }),
  };
}
