import { memo } from '../../shared/platform/memo.ts';
import { makePreviewReplay } from '../../shared/operations/replay-preview.ts';
import { makeDeadLetters } from '../../shared/operations/dead-letters.ts';
import { makeReplay } from '../../shared/operations/replay.ts';
import { makeReprocess } from '../../shared/operations/reprocess.ts';
import { makeStreamState } from '../../shared/operations/stream-state.ts';
import type { Log } from '../../shared/platform/log.ts';
import { composition } from '../composition.ts';
import { blobService } from '../../shared/platform/blobs/blob-service.ts';
import { makeCheckpointReader } from '../../shared/stream/checkpoints.ts';
import { makeDeadLetterPayloads } from '../../shared/images/store/dead-letter-payloads.ts';

/** One for the process: it remembers the last look, to tell how fast things go. */
export const streamState = memo(async () => {
  const accounts = (composition.settings().DARKROOM_CHECKPOINT_STORAGE ?? '')
    .split(',')
    .map((account) => account.trim())
    .filter((account) => account !== '');
  // Under the app's own identity: the one that may read the hosts' accounts.
  const checkpoints = makeCheckpointReader(accounts.map((account) => blobService(account)));
  return makeStreamState({ reader: await composition.hubReader(), checkpoints, clock: composition.clock() });
});

export const deadLetters = memo(async () => {
  const { DARKROOM_IMAGE_STORAGE: account, DARKROOM_STORAGE_WRITER_CLIENT_ID: clientId } =
    composition.settings();
  const payloads = makeDeadLetterPayloads(blobService(account, clientId));
  return makeDeadLetters({ database: await composition.database(), payloads });
});

/** A dry run tries the processors too, for it is asked to foresee; what is really sent is tried by being sent. */
export async function replay(log: Log, { dryRun }: { dryRun: boolean }) {
  const [storage, settings] = [await composition.storageWriter(), composition.settings()];
  const processing = dryRun ? await composition.processing() : undefined;
  const clock = composition.clock();
  const preview = makePreviewReplay({ storage, clock, processing, maxPixels: settings.DARKROOM_MAX_PIXELS });
  return makeReplay({
    database: await composition.database(),
    deadLetters: await deadLetters(),
    preview,
    events: await composition.events(),
    storage,
    reader: await composition.storageReader(),
    clock,
    log,
    maxBytes: settings.DARKROOM_MAX_IMAGE_BYTES,
  });
}

export const reprocess = async (log: Log) =>
  makeReprocess({ database: await composition.database(), events: await composition.events(), log });
