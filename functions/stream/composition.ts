import { memo } from '../../shared/platform/memo.ts';
import { composition } from '../composition.ts';
import { hubs } from '../../shared/stream/hubs.ts';
import { pipelineWriter } from '../outcomes.ts';
import { pipelineReaders } from '../reader-states.ts';
import { makeAcceptImage } from '../../shared/images/receive/accept-image.ts';
import { makeCompleteChunks } from '../../shared/images/receive/complete-chunks.ts';
import { makeFairQueue, type Turn } from '../../shared/stream/fair-queue.ts';
import { makeEndingBatch } from '../../shared/stream/overruns.ts';
import { makeSendToDeadLetters } from '../../shared/stream/send-to-dead-letters.ts';
import { makeExpireChunks } from '../../shared/images/receive/expire-chunks.ts';
import { invocationLogger as log } from '../../shared/stream/invocation-log.ts';
import { pipelineLimits } from '../../shared/stream/limits.ts';
import { makeReceiveChunk } from '../../shared/images/receive/receive-chunk.ts';
import { makeReceiveRecord, originOfRecord } from '../../shared/images/receive/receive-record.ts';

const deadLettering = memo(async () => {
  const [storage, events] = await Promise.all([pipelineWriter(), composition.events()]);
  return makeSendToDeadLetters({ storage, events, clock: composition.clock(), log });
});

const receiving = memo(async () => {
  const [storage, events] = await Promise.all([pipelineWriter(), composition.events()]);
  const { DARKROOM_MAX_IMAGE_BYTES: maxBytes, DARKROOM_MAX_PIXELS: maxPixels } = composition.settings();
  const acceptImage = makeAcceptImage({ storage, events, maxPixels, log });
  const completeChunks = makeCompleteChunks({ storage, acceptImage, maxBytes });
  return { storage, acceptImage, completeChunks, maxBytes, maxPixels, clock: composition.clock() };
});

const lifetimeMs = pipelineLimits.chunksLifetimeMs;

/** Fair by key, which is the owner; a record without one is alone. */
const turns = makeFairQueue<Turn>((_turn, inWork) => inWork.length < pipelineLimits.streamConcurrency);

/** What this service does with a batch of `image-stream`; one for the process, so that its limits hold for all. */
export const streamBatch = memo(async () => {
  const [shared, sendToDeadLetters] = await Promise.all([receiving(), deadLettering()]);
  const receiveChunk = makeReceiveChunk({ ...shared, lifetimeMs });
  return makeEndingBatch({
    handle: makeReceiveRecord({ ...shared, receiveChunk }),
    sendToDeadLetters,
    turn: ({ key, partition, offset }, work) => turns({ flow: key ?? `${partition}/${offset}`, ms: 0 }, work),
    canWrite: () => shared.storage.canWrite(),
    stage: 'check',
    originOf: (record) => Promise.resolve(originOfRecord(record)),
    log,
  });
});

async function readingSince(): Promise<Date | 'paused' | undefined> {
  const { pause, resumedAt } = await (await pipelineReaders()).of(hubs.stream);
  return pause === undefined ? resumedAt : 'paused';
}

export const expireChunks = memo(async () => {
  const [shared, sendToDeadLetters] = await Promise.all([receiving(), deadLettering()]);
  return makeExpireChunks({ ...shared, sendToDeadLetters, log, lifetimeMs, readingSince });
});
