import hostJson from '../../host.json' with { type: 'json' };
import { memo } from '../../shared/platform/memo.ts';
import { composition } from '../composition.ts';
import { pipelineWriter } from '../outcomes.ts';
import { pipelineReaders } from '../reader-states.ts';
import { makeEndingBatch } from '../../shared/stream/overruns.ts';
import { parseProcessingMessage } from '../../shared/images/process/processing-message.ts';
import { hubs } from '../../shared/stream/hubs.ts';
import { makeSendToDeadLetters } from '../../shared/stream/send-to-dead-letters.ts';
import { invocationLogger as log } from '../../shared/stream/invocation-log.ts';
import { readHostLimits, requireTimeBudget } from '../../shared/stream/time-budget.ts';
import { makeProcessRecord, type Lane } from '../../shared/images/process/process-record.ts';
import { turnsOfLane } from '../../shared/images/process/lane-turns.ts';
import { makeWorkerTurns, unreservedWorkers } from '../../shared/images/process/worker-turns.ts';

/** While one image is in each worker, the bytes of the next are read. */
const workersOf = (concurrency: number): number => Math.max(1, Math.floor(concurrency / 2));

/** One for the process: all lanes share its workers. */
const workerTurns = memo(async () =>
  makeWorkerTurns(workersOf((await composition.processing()).concurrency)),
);

/** After a start that the same rule let pass. */
async function timeBudgetMs(): Promise<number> {
  const { concurrency } = await composition.processing();
  return requireTimeBudget({
    ...readHostLimits(hostJson),
    longestMs: composition.settings().DARKROOM_PROCESSING_TIMEOUT_MS,
    workers: unreservedWorkers(workersOf(concurrency)),
  });
}

async function isStopped(rerunAt: Date): Promise<boolean> {
  const { rerunStoppedAt } = await (await pipelineReaders()).of(hubs.reprocessing);
  return rerunStoppedAt !== undefined && rerunAt <= rerunStoppedAt;
}

async function batch(lane: Lane) {
  const [storage, events, processing, ms] = await Promise.all([
    pipelineWriter(),
    composition.events(),
    composition.processing(),
    timeBudgetMs(),
  ]);
  const [clock, { DARKROOM_MAX_IMAGE_BYTES: maxBytes }] = [composition.clock(), composition.settings()];
  const shared = { storage, events, clock, log };
  const { handBack, ...turns } = turnsOfLane(lane, await workerTurns(), events);
  return makeEndingBatch({
    handle: makeProcessRecord({ ...shared, processing, maxBytes, lane, isStopped }),
    sendToDeadLetters: makeSendToDeadLetters(shared),
    ...turns,
    canWrite: async () => (await storage.canWrite()) && (await processing.hasRoom()),
    budget: { ms, handBack },
    stage: 'process',
    originOf: (record) => storage.rawOrigin(parseProcessingMessage(record.value).imageId),
    log,
  });
}

export const processingBatch = memo(() => batch('ordinary'));
export const slowBatch = memo(() => batch('slow'));
export const reprocessingBatch = memo(() => batch('again'));
