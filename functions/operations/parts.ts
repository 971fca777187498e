import { memo } from '../../shared/memo.ts';
import { makeHubReader } from '../../shared/operations/hub-reader.ts';
import { makeJudge } from '../../shared/operations/judge.ts';
import { makeLetters } from '../../shared/operations/letters.ts';
import { makeReplay } from '../../shared/operations/replay.ts';
import { makeReprocess } from '../../shared/operations/reprocess.ts';
import { makeStreamState } from '../../shared/operations/stream-state.ts';
import type { Log } from '../../shared/log.ts';
import { parts } from '../../shared/parts.ts';
import { blobService } from '../../shared/storage/blob-clients.ts';
import { makeCheckpointReader } from '../../shared/storage/checkpoints.ts';
import { makeDeadLetterPayloads } from '../../shared/storage/dead-letter-payloads.ts';

export const hubReader = memo(() => {
  const settings = parts.settings();
  const reader = makeHubReader({
    connectionString: settings.DARKROOM_EVENT_HUBS,
    fullyQualifiedNamespace: settings.DARKROOM_EVENT_HUBS__fullyQualifiedNamespace,
    clientId: settings.DARKROOM_EVENT_HUBS__clientId,
  });
  parts.onClose(() => reader.close());
  return Promise.resolve(reader);
});

/** One for the process: it remembers the last look, to tell how fast things go. */
export const streamState = memo(async () => {
  const accounts = (parts.settings().DARKROOM_CHECKPOINT_STORAGE ?? '')
    .split(',')
    .map((account) => account.trim())
    .filter((account) => account !== '');
  // Under the app's own identity: the one that may read the hosts' accounts.
  const checkpoints = makeCheckpointReader(accounts.map((account) => blobService(account)));
  return makeStreamState({ reader: await hubReader(), checkpoints, clock: parts.clock() });
});

export const letters = memo(async () => {
  const { DARKROOM_IMAGE_STORAGE: account, DARKROOM_STORAGE_WRITER_CLIENT_ID: clientId } = parts.settings();
  const payloads = makeDeadLetterPayloads(blobService(account, clientId));
  return makeLetters({ database: await parts.database(), reader: await hubReader(), payloads });
});

/** A dry run tries the processors too, for it is asked to foresee; what is really sent is tried by being sent. */
export async function replay(log: Log, { dryRun }: { dryRun: boolean }) {
  const [storage, settings] = [await parts.storageWriter(), parts.settings()];
  const processing = dryRun ? await parts.processing() : undefined;
  const judge = makeJudge({ storage, processing, maxPixels: settings.DARKROOM_MAX_PIXELS });
  return makeReplay({
    database: await parts.database(),
    letters: await letters(),
    judge,
    events: await parts.events(),
    storage,
    reader: await parts.storageReader(),
    clock: parts.clock(),
    log,
    maxBytes: settings.DARKROOM_MAX_UPLOAD_BYTES,
  });
}

export const reprocess = async (log: Log) =>
  makeReprocess({ database: await parts.database(), events: await parts.events(), log });
