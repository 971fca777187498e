import pLimit from 'p-limit';
import { shiftedClock } from '../../shared/clock.ts';
import { openDatabase } from '../../shared/database/open.ts';
import { makeEventSender } from '../../shared/events.ts';
import { hubs } from '../../shared/hubs.ts';
import { makeLog } from '../../shared/log.ts';
import { makeAdmitImage } from '../../shared/pipeline/admit-image.ts';
import { makeBatch } from '../../shared/pipeline/batch.ts';
import { makeDeadLetters } from '../../shared/pipeline/dead-letters.ts';
import { makeExpireChunks } from '../../shared/pipeline/expire-chunks.ts';
import { makeProcessRecord } from '../../shared/pipeline/process-record.ts';
import { makeReceiveChunk } from '../../shared/pipeline/receive-chunk.ts';
import { makeReceiveRecord } from '../../shared/pipeline/receive-record.ts';
import { createProcessing } from '../../shared/processing/pool.ts';
import { blobService } from '../../shared/storage/blob-clients.ts';
import type { StorageWriter } from '../../shared/storage/ports.ts';
import { makeStorageWriter } from '../../shared/storage/writer.ts';
import { runEventHubs } from './event-hubs.ts';
import { readHub } from './hub-reader.ts';
import { startStores } from './stores.ts';

const mebibyte = 1024 * 1024;
export const maxBytes = 8 * mebibyte;
export const maxPixels = 2_000_000;

/** The write path over real stores and hubs, each step of it in the test's hands. */
export async function startPipeline() {
  const stores = await startStores();
  const eventHubs = await runEventHubs(stores.directory);
  const database = openDatabase({ DARKROOM_DATABASE: stores.database });
  let offset = 0;
  const clock = shiftedClock(() => offset);
  const lines: string[] = [];
  const log = makeLog((_level, line) => lines.push(line));
  const blobs = blobService(stores.storage);
  const storage = makeStorageWriter({ blobs, database, clock });
  const events = makeEventSender({ connectionString: eventHubs.connectionString });
  const limits = { maxPixels, timeoutMs: 20_000, memoryMb: 512, workers: 1 };
  const processing = await createProcessing(limits);
  const bury = makeDeadLetters({ storage, events, clock, log });
  const [stream, queue, deadLetters] = [hubs.stream, hubs.processing, hubs.deadLetter].map((hub) =>
    readHub(eventHubs.connectionString, hub),
  );

  /** A stream service of its own, as after a restart, over these stores. */
  function streamService(over: StorageWriter = storage) {
    const admit = makeAdmitImage({ storage: over, events, maxPixels, log });
    const receiveChunk = makeReceiveChunk({ storage: over, admit, clock, maxBytes });
    const handle = makeReceiveRecord({ storage: over, admit, receiveChunk, maxBytes, maxPixels });
    return makeBatch({ handle, bury, limit: pLimit(8), stage: 'check', log });
  }
  function processingService(again = false) {
    const handle = makeProcessRecord({ storage, processing, events, clock, maxBytes, again, log });
    return makeBatch({ handle, bury, limit: pLimit(2), stage: 'process', log });
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
    expireChunks: makeExpireChunks({ storage, bury, clock, log, maxAgeMs: 15 * 60_000 }),
    moveClock: (milliseconds: number) => (offset = milliseconds),
    async stop() {
      await Promise.all([stream!, queue!, deadLetters!].map((reader) => reader.close()));
      await Promise.all([events.close(), processing.close(), database.close()]);
      await eventHubs.part.stop();
      await stores.stop();
    },
  };
}

export type TestPipeline = Awaited<ReturnType<typeof startPipeline>>;
