import pLimit from 'p-limit';
import { memo } from '../../shared/memo.ts';
import { parts } from '../../shared/parts.ts';
import { makeAdmitImage } from '../../shared/pipeline/admit-image.ts';
import { makeBatch } from '../../shared/pipeline/batch.ts';
import { makeDeadLetters } from '../../shared/pipeline/dead-letters.ts';
import { makeExpireChunks } from '../../shared/pipeline/expire-chunks.ts';
import { invocationLogger as log } from '../../shared/pipeline/invocation.ts';
import { pipelineLimits } from '../../shared/pipeline/limits.ts';
import { makeReceiveChunk } from '../../shared/pipeline/receive-chunk.ts';
import { makeReceiveRecord } from '../../shared/pipeline/receive-record.ts';

const burial = memo(async () => {
  const [storage, events] = await Promise.all([parts.storageWriter(), parts.events()]);
  return makeDeadLetters({ storage, events, clock: parts.clock(), log });
});

/** What this service does with a batch of `image-stream`; one for the process, so that its limits hold for all. */
export const streamBatch = memo(async () => {
  const [storage, events, bury] = await Promise.all([parts.storageWriter(), parts.events(), burial()]);
  const { DARKROOM_MAX_UPLOAD_BYTES: maxBytes, DARKROOM_MAX_PIXELS: maxPixels } = parts.settings();
  const admit = makeAdmitImage({ storage, events, maxPixels, log });
  const receiveChunk = makeReceiveChunk({ storage, admit, clock: parts.clock(), maxBytes });
  const handle = makeReceiveRecord({ storage, admit, receiveChunk, maxBytes, maxPixels });
  return makeBatch({ handle, bury, limit: pLimit(pipelineLimits.streamConcurrency), stage: 'check', log });
});

export const expireChunks = memo(async () => {
  const [storage, bury] = await Promise.all([parts.storageWriter(), burial()]);
  return makeExpireChunks({
    storage,
    bury,
    clock: parts.clock(),
    log,
    maxAgeMs: pipelineLimits.chunksLifetimeMs,
  });
});
