import pLimit, { type LimitFunction } from 'p-limit';
import hostJson from '../../host.json' with { type: 'json' };
import { memo } from '../../shared/platform/memo.ts';
import { composition } from '../composition.ts';
import { pipelineReaders } from '../reader-states.ts';
import { makeEndingBatch } from '../../shared/stream/overruns.ts';
import { parseProcessingMessage } from '../../shared/images/process/processing-message.ts';
import { hubs, type Hub } from '../../shared/stream/hubs.ts';
import { makeSendToDeadLetters } from '../../shared/stream/send-to-dead-letters.ts';
import { invocationLogger as log } from '../../shared/stream/invocation-log.ts';
import { readHostLimits, requireTimeBudget } from '../../shared/stream/time-budget.ts';
import { makeProcessRecord, type Lane } from '../../shared/images/process/process-record.ts';
import { makeWorkerShares, slowWorkers } from '../../shared/images/process/worker-shares.ts';

/** While one image is in each worker, the bytes of the next are read. */
const workersOf = (concurrency: number): number => Math.max(1, Math.floor(concurrency / 2));

const shares = memo(async () => makeWorkerShares(workersOf((await composition.processing()).concurrency)));

/** After a start that the same rule let pass. */
async function timeBudgetMs(): Promise<number> {
  const { concurrency } = await composition.processing();
  return requireTimeBudget({
    ...readHostLimits(hostJson),
    longestMs: composition.settings().DARKROOM_PROCESSING_TIMEOUT_MS,
    workers: slowWorkers(workersOf(concurrency)),
  });
}

async function isStopped(rerunAt: Date): Promise<boolean> {
  const { rerunStoppedAt } = await (await pipelineReaders()).of(hubs.reprocessing);
  return rerunStoppedAt !== undefined && rerunAt <= rerunStoppedAt;
}

async function batch(lane: Lane, limitFor: (concurrency: number) => LimitFunction) {
  const [storage, events, processing, ms] = await Promise.all([
    composition.storageWriter(),
    composition.events(),
    composition.processing(),
    timeBudgetMs(),
  ]);
  const [clock, { DARKROOM_MAX_IMAGE_BYTES: maxBytes }] = [composition.clock(), composition.settings()];
  const shared = { storage, events, clock, log };
  return makeEndingBatch({
    handle: makeProcessRecord({ ...shared, processing, maxBytes, lane, shares: await shares(), isStopped }),
    sendToDeadLetters: makeSendToDeadLetters(shared),
    limit: limitFor(processing.concurrency),
    canWrite: () => storage.canWrite(),
    budget: {
      ms,
      handBack: ({ hub, value, headers }) => events.send(hub as Hub, { value, headers }),
    },
    stage: 'process',
    originOf: (record) => storage.rawOrigin(parseProcessingMessage(record.value).imageId),
    log,
  });
}

/** As many images as the workers can use. */
export const processingBatch = memo(() => batch('ordinary', pLimit));

/** Images wait for their share of the workers here, not for each other: those of a partition are in work together. */
export const slowBatch = memo(() => batch('slow', (concurrency) => pLimit(concurrency * 8)));

/** A bulk re-run takes a part of one host only, so that new uploads never wait behind it. */
export const reprocessingBatch = memo(() =>
  batch('again', (concurrency) => pLimit(Math.max(1, Math.floor(concurrency / 4)))),
);
