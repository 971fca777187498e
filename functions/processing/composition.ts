import pLimit, { type LimitFunction } from 'p-limit';
import { memo } from '../../shared/platform/memo.ts';
import { composition } from '../composition.ts';
import { makeEndingBatch } from '../../shared/stream/overruns.ts';
import { makeSendToDeadLetters } from '../../shared/stream/send-to-dead-letters.ts';
import { invocationLogger as log } from '../../shared/stream/invocation-log.ts';
import { parseProcessingMessage } from '../../shared/images/process/processing-message.ts';
import { makeProcessRecord } from '../../shared/images/process/process-record.ts';

async function batch(again: boolean, limitFor: (concurrency: number) => LimitFunction) {
  const [storage, events, processing] = await Promise.all([
    composition.storageWriter(),
    composition.events(),
    composition.processing(),
  ]);
  const [clock, { DARKROOM_MAX_IMAGE_BYTES: maxBytes }] = [composition.clock(), composition.settings()];
  const handle = makeProcessRecord({ storage, processing, events, clock, maxBytes, again, log });
  const sendToDeadLetters = makeSendToDeadLetters({ storage, events, clock, log });
  return makeEndingBatch({
    handle,
    sendToDeadLetters: sendToDeadLetters,
    limit: limitFor(processing.concurrency),
    canWrite: () => storage.canWrite(),
    stage: 'process',
    originOf: (record) => storage.rawOrigin(parseProcessingMessage(record.value).imageId),
    log,
  });
}

/** As many images as the workers can use: while one is in each, the bytes of the next are read. */
export const processingBatch = memo(() => batch(false, pLimit));

/** A bulk re-run takes a part of one host only, so that new uploads never wait behind it. */
export const reprocessingBatch = memo(() =>
  batch(true, (concurrency) => pLimit(Math.max(1, Math.floor(concurrency / 4)))),
);
