import { limitedTurn } from './limited-turn.ts';
import { shiftedClock } from '../../shared/platform/clock.ts';
import { openDatabase } from '../../shared/database/open.ts';
import { makeEventSender } from '../../shared/stream/event-sender.ts';
import type { DeadLetter } from '../../shared/stream/dead-letter.ts';
import { hubs } from '../../shared/stream/hubs.ts';
import type { DeadRecord } from '../../shared/stream/record.ts';
import { unframeRecord } from '../../shared/stream/record-frame.ts';
import { containers } from '../../shared/platform/blobs/containers.ts';
import { makeLog } from '../../shared/platform/log.ts';
import { makeAcceptImage } from '../../shared/images/receive/accept-image.ts';
import { makeCompleteChunks } from '../../shared/images/receive/complete-chunks.ts';
import { makeBatch } from '../../shared/stream/batch.ts';
import { makeSendToDeadLetters } from '../../shared/stream/send-to-dead-letters.ts';
import { makeExpireChunks } from '../../shared/images/receive/expire-chunks.ts';
import { turnsOfLane } from '../../shared/images/process/lane-turns.ts';
import { makeWorkerTurns } from '../../shared/images/process/worker-turns.ts';
import { makeProcessRecord, type Lane } from '../../shared/images/process/process-record.ts';
import { makeReceiveChunk } from '../../shared/images/receive/receive-chunk.ts';
import { makeReceiveRecord } from '../../shared/images/receive/receive-record.ts';
import type { ImageBytes } from '../../shared/images/process/file/spool.ts';
import { createProcessing } from '../../shared/images/process/pool.ts';
import { blobService } from '../../shared/platform/blobs/blob-service.ts';
import type { StorageWriter } from '../../shared/images/store/ports.ts';
import { makeStorageWriter } from '../../shared/images/store/writer.ts';
import { runEventHubs } from './event-hubs.ts';
import { readHub } from './hub-reader.ts';
import { startStores } from './stores.ts';

const mebibyte = 1024 * 1024;
export const maxBytes = 8 * mebibyte;
export const maxPixels = 2_000_000;
const lifetimeMs = 15 * 60_000;

/** The write path over real stores and hubs, each step of it in the test's hands. */
export async function startPipeline() {
  const stores = await startStores();
  const eventHubs = await runEventHubs(stores.directory);
  const database = openDatabase({ DARKROOM_DATABASE: stores.database });
  let offset = 0;
  let readingSince: Date | 'paused' | undefined;
  const clock = shiftedClock(() => offset);
  const lines: string[] = [];
  const log = makeLog((_level, line) => lines.push(line));
  const blobs = blobService(stores.storage);
  const storage = makeStorageWriter({ blobs, database, clock });
  const events = makeEventSender({ connectionString: eventHubs.connectionString });
  // No test here is about the time that an image takes, which is long where everything runs at once.
  const limits = { maxPixels, timeoutMs: 120_000, memoryMb: 512, workers: 1 };
  const processing = await createProcessing(limits);
  /** Nor is one given up for the slow lane, which nothing reads here. */
  const untilDone = { process: (bytes: ImageBytes) => processing.process(bytes) };
  const sendToDeadLetters = makeSendToDeadLetters({ storage, events, clock, log });
  const [stream, queue, deadLetters] = [hubs.stream, hubs.processing, hubs.deadLetter].map((hub) =>
    readHub(eventHubs.connectionString, hub),
  );

  const canWrite = (): Promise<boolean> => storage.canWrite();
  const acceptImage = makeAcceptImage({ storage, events, maxPixels, log });
  const completeChunks = makeCompleteChunks({ storage, acceptImage, maxBytes });

  /** A stream service of its own, as after a restart, over these stores. */
  function streamService(over: StorageWriter = storage) {
    const acceptImage = makeAcceptImage({ storage: over, events, maxPixels, log });
    const completeChunks = makeCompleteChunks({ storage: over, acceptImage, maxBytes });
    const receiveChunk = makeReceiveChunk({ storage: over, completeChunks, clock, lifetimeMs });
    const handle = makeReceiveRecord({
      storage: over,
      acceptImage,
      receiveChunk,
      maxBytes,
      maxPixels,
    });
    return makeBatch({ handle, sendToDeadLetters, canWrite, turn: limitedTurn(8), stage: 'check', log });
  }
  function processingService(lane: Lane = 'ordinary') {
    const { turn } = turnsOfLane(lane, makeWorkerTurns(1), events);
    const handle = makeProcessRecord({ storage, processing: untilDone, events, clock, maxBytes, lane, log });
    return makeBatch({ handle, sendToDeadLetters, canWrite, turn, stage: 'process', log });
  }

  return {
    ...{
      stores,
      eventHubs,
      database,
      blobs,
      storage,
      events,
      clock,
      log,
      lines,
      streamService,
      processingService,
    },
    ...{ stream: stream!, queue: queue!, deadLetters: deadLetters! },
    expireChunks: makeExpireChunks({
      ...{ storage, completeChunks, sendToDeadLetters, clock, log, lifetimeMs },
      readingSince: () => Promise.resolve(readingSince),
    }),
    /** As engineers paused, or resumed, the reader of chunks. */
    readSince: (since: typeof readingSince) => (readingSince = since),
    /** The record of a dead letter, as the store keeps it. */
    async recordOf({ claimCheck }: DeadLetter): Promise<DeadRecord> {
      const container = blobs.getContainerClient(containers.deadLetters);
      return unframeRecord(await container.getBlobClient(claimCheck!).downloadToBuffer());
    },
    moveClock: (milliseconds: number) => (offset = milliseconds),
    async stop() {
      await Promise.all([stream!, queue!, deadLetters!].map((reader) => reader.close()));
      await Promise.all([events.close(), processing.close(), database.close()]);
      await eventHubs.component.stop();
      await stores.stop();
    },
  };
}

export type TestPipeline = Awaited<ReturnType<typeof startPipeline>>;
