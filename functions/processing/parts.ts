import pLimit, { type LimitFunction } from 'p-limit';
import { memo } from '../../shared/memo.ts';
import { parts } from '../../shared/parts.ts';
import { makeBatch } from '../../shared/pipeline/batch.ts';
import { makeDeadLetters } from '../../shared/pipeline/dead-letters.ts';
import { invocationLogger as log } from '../../shared/pipeline/invocation.ts';
import { makeProcessRecord } from '../../shared/pipeline/process-record.ts';

async function batch(again: boolean, limitFor: (concurrency: number) => LimitFunction) {
  const [storage, events, processing] = await Promise.all([
    parts.storageWriter(),
    parts.events(),
    parts.processing(),
  ]);
  const [clock, { DARKROOM_MAX_UPLOAD_BYTES: maxBytes }] = [parts.clock(), parts.settings()];
  const handle = makeProcessRecord({ storage, processing, events, clock, maxBytes, again, log });
  const bury = makeDeadLetters({ storage, events, clock, log });
  return makeBatch({ handle, bury, limit: limitFor(processing.concurrency), stage: 'process', log });
}

/** As many images as the workers can use: while one is in each, the bytes of the next are read. */
export const processingBatch = memo(() => batch(false, pLimit));

/** A bulk re-run takes a part of one host only, so that new uploads never wait behind it. */
export const reprocessingBatch = memo(() =>
  batch(true, (concurrency) => pLimit(Math.max(1, Math.floor(concurrency / 4)))),
);
