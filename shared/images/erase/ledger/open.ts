import type { Clock } from '../../../platform/clock.ts';
import type { Settings } from '../../../platform/config.ts';
import type { Database } from '../../../database/port.ts';
import { blobService } from '../../../platform/blobs/blob-service.ts';
import { ledgerContainer } from '../../../platform/blobs/containers.ts';
import { DarkroomError } from '../../../platform/errors.ts';
import { firstOf, makeLedgerStore, type LedgerStore } from './ledger-store.ts';
import { makePublishCheckpoint } from './publish-checkpoint.ts';
import { makeReceipts } from './receipt.ts';
import type { TileFiles } from './tiles.ts';
import { noteSigner, type NoteSigner } from './signed-note.ts';

/** The log of erasures: its key, its public files, and what makes them. */
export interface Ledger {
  readonly signer: NoteSigner;
  readonly store: LedgerStore;
  /** The store, and behind it those of other regions. */
  readonly files: Pick<TileFiles, 'read'>;
  readonly publishCheckpoint: ReturnType<typeof makePublishCheckpoint>;
  readonly receiptOf: ReturnType<typeof makeReceipts>;
}

export interface LedgerOptions {
  readonly settings: Settings;
  readonly clock: Clock;
  readonly database: Database;
}

const webhookTimeoutMs = 10_000;

const webhook = (url: string) => async (note: string) => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'text/plain; charset=utf-8' },
    body: note,
    // A redirected POST would become a GET without the checkpoint.
    redirect: 'error',
    signal: AbortSignal.timeout(webhookTimeoutMs),
  });
  await response.body?.cancel();
  if (!response.ok) throw new DarkroomError('unavailable', `The webhook answered ${response.status}.`);
};

export function openLedger({ settings, clock, database }: LedgerOptions): Ledger {
  const {
    DARKROOM_LEDGER_KEY: key,
    DARKROOM_LEDGER_STORAGE: account,
    DARKROOM_LEDGER_WEBHOOK: url,
  } = settings;
  if (key === undefined || account === undefined) {
    throw new Error('This service needs the settings DARKROOM_LEDGER_KEY and DARKROOM_LEDGER_STORAGE.');
  }
  const signer = noteSigner(key);
  const [store, ...others] = account.split(',').map((one) => {
    const blobs = blobService(one, settings.DARKROOM_STORAGE_WRITER_CLIENT_ID);
    return makeLedgerStore(blobs.getContainerClient(ledgerContainer), signer.name);
  }) as [LedgerStore, ...LedgerStore[]];
  const files = firstOf([store, ...others]);
  const notify = url === undefined ? undefined : webhook(url);
  return {
    ...{ signer, store, files },
    publishCheckpoint: makePublishCheckpoint({ database, store, signer, clock, notify }),
    receiptOf: makeReceipts({ database, files, log: signer.name }),
  };
}
