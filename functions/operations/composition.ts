import hostJson from '../../host.json' with { type: 'json' };
import { memo } from '../../shared/platform/memo.ts';
import { timeSpanMs } from '../../shared/stream/time-budget.ts';
import { makeJsonDocuments } from '../../shared/platform/blobs/json-documents.ts';
import { makeBrowseHub } from '../../shared/operations/browse/browse-hub.ts';
import { goneAmong } from '../../shared/operations/browse/erased-images.ts';
import { makeTrace } from '../../shared/operations/browse/trace.ts';
import { makeAdvance } from '../../shared/operations/bulk/advance.ts';
import type { StoredRun } from '../../shared/operations/bulk/bulk-run.ts';
import { makeBulkRuns } from '../../shared/operations/bulk/bulk-runs.ts';
import { makeSelection } from '../../shared/operations/bulk/selection.ts';
import { makeDiscard } from '../../shared/operations/discard.ts';
import { makePreviewReplay } from '../../shared/operations/replay-preview.ts';
import { makeDeadLetters } from '../../shared/operations/dead-letters.ts';
import { makeLagHistory } from '../../shared/operations/lag/lag-history.ts';
import { makeReaders, type StateRow } from '../../shared/operations/readers.ts';
import { makeReplay } from '../../shared/operations/replay.ts';
import { makeReprocess } from '../../shared/operations/reprocess.ts';
import { makeHubState } from '../../shared/operations/stream-state.ts';
import type { Log } from '../../shared/platform/log.ts';
import { composition } from '../composition.ts';
import { hostAccounts } from '../host-accounts.ts';
import { lagLog, operationsContainer } from '../lag-log.ts';
import { makeCheckpointReader } from '../../shared/stream/checkpoints.ts';
import { makeDeadLetterPayloads } from '../../shared/images/store/dead-letter-payloads.ts';

const newHubState = async () =>
  makeHubState({
    reader: await composition.hubReader(),
    checkpoints: makeCheckpointReader(await hostAccounts()),
    clock: composition.clock(),
  });

/** One for the process: it remembers the last look, to tell how fast things go. */
export const hubState = memo(newHubState);

/** The timer's own, whose looks are no one else's. */
export const measuredHubState = memo(newHubState);

/** The lag of late and what was done meanwhile; measured by a timer, kept in the store. */
export const lagHistory = async (log: Log) =>
  makeLagHistory({
    lagLog: await lagLog(),
    database: () => composition.database(),
    clock: composition.clock(),
    log,
  });

/** Twice as long as our hosts take to see that somebody took a partition. */
const holdMs = 2 * timeSpanMs(hostJson.extensions.eventHubs.loadBalancingUpdateInterval);

/** What looks at checkpoints and moves them. */
export async function positions(log: Log, states?: ReaderStateSource) {
  const { makeMoveCheckpoint } = await import('../../shared/stream/move-checkpoint.ts');
  const accounts = await hostAccounts();
  return {
    reader: await composition.hubReader(),
    checkpoints: makeCheckpointReader(accounts),
    moveCheckpoint: makeMoveCheckpoint({ accounts, address: composition.eventHubs(), holdMs }),
    readers: await readers(log, states),
  };
}

export const deadLetters = memo(async () => {
  const { DARKROOM_IMAGE_STORAGE: account, DARKROOM_STORAGE_WRITER_CLIENT_ID: clientId } =
    composition.settings();
  const { blobService } = await import('../../shared/platform/blobs/blob-service.ts');
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

const bulkParts = memo(async () => ({
  runs: makeJsonDocuments<StoredRun>(await operationsContainer(), 'bulk-runs/'),
  selection: makeSelection(await composition.database(), await deadLetters()),
  clock: composition.clock(),
}));

export const bulkRuns = memo(async () => makeBulkRuns(await bulkParts()));

/** Goes on with a run of dead letters. */
export async function advanceBulkRun(log: Log) {
  const parts = await bulkParts();
  const discard = makeDiscard({ database: await composition.database(), clock: parts.clock, log });
  return makeAdvance({
    ...parts,
    async act(run, row) {
      if (run.action === 'discard') return discard(row, run);
      const [result] = await (await replay(log, run))([row], run);
      return result!;
    },
  });
}

/** Looks into the hubs. */
export const hubBrowser = memo(async () => {
  const database = await composition.database();
  const erasedAmong = (imageIds: readonly string[]) => goneAmong(database, imageIds);
  const browse = makeBrowseHub({ reader: await composition.hubReader(), erasedAmong });
  return { browse, trace: makeTrace({ database, browse, erasedAmong }) };
});

export const reprocess = async (log: Log) =>
  makeReprocess({
    database: await composition.database(),
    events: await composition.events(),
    clock: composition.clock(),
    log,
  });

type ReaderStateSource = () => Promise<readonly StateRow[]>;

/** What engineers set for the readers, for one look at them all; without asking the database while nothing has changed there. */
export const lookAtReaders = (): ReaderStateSource => {
  const ask = memo(async () => {
    const activity = await composition.activity();
    return activity.answer('readerStates', async () => {
      const rows = await (await composition.database()).query('operations', 'reader_states');
      // Who it was and why is in the database alone.
      return { value: rows.map((row) => ({ ...row, actor: '', reason: '' })) };
    });
  });
  // A time that was kept is a text.
  return async () => (await ask()).map((row) => ({ ...row, at: new Date(row.at) }));
};

export const readers = async (log: Log, states?: ReaderStateSource) =>
  makeReaders({ database: await composition.database(), clock: composition.clock(), log, states });
