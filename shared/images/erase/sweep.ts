import { hour, type Clock } from '../../platform/clock.ts';
import type { Database } from '../../database/port.ts';
import type { EventSender } from '../../stream/event-sender.ts';
import { hubs } from '../../stream/hubs.ts';
import type { Log } from '../../platform/log.ts';
import { imageReceivedEvent } from '../store/image-received-event.ts';
import { deleteAtOf } from '../../platform/retention.ts';
import type { Inventory, RawBlob } from '../store/inventory.ts';
import type { Origin } from '../../platform/image-origin.ts';
import type { StorageWriter } from '../store/ports.ts';
import type { Erase } from './erase.ts';
import { erasedAmong, questionSize, slices } from './erased-among.ts';

export interface SweepDependencies {
  readonly inventory: Inventory;
  readonly database: Database;
  readonly erase: Erase;
  readonly events: EventSender;
  readonly writer: Pick<StorageWriter, 'recordFailed'>;
  readonly expireUploads: (dryRun: boolean) => Promise<number>;
  readonly clock: Clock;
  readonly log: Log;
}

export interface SweepReport {
  readonly dryRun: boolean;
  /** Raw bytes whose event was lost: it is sent again, so that the image comes to its end. */
  readonly resent: number;
  /** Raw bytes without a row that are past their time, or that the ledger says were erased. */
  readonly erased: number;
  /** Rows whose original is missing; those not processed are marked `failed`. */
  readonly missingBytes: number;
  /** Derivatives that no row refers to. */
  readonly orphanedDerivatives: number;
  readonly expiredPayloads: number;
  /** Staged blocks that nobody committed within their time. */
  readonly discardedUploads: number;
  /** Resumable uploads that were not finished within their day. */
  readonly expiredUploads: number;
}

/** What is younger may be on its way between two steps. Milliseconds. */
const grace = hour / 4;
/** Staged blocks that are met again after this are nobody's: a resumable upload lives for a day. Milliseconds. */
const stagedLifetime = 36 * hour;
/**
 * Holds what is in the stores against what is in the database, mends what can be mended and reports the rest. The
 * stores are read by the system's clock, for that is what dates blobs; retention goes by ours.
 */
export function makeSweep(dependencies: SweepDependencies) {
  const { inventory, database, erase, events, writer, expireUploads, clock, log } = dependencies;
  const isSettled = (modifiedAt: Date): boolean => Date.now() - modifiedAt.getTime() > grace;

  async function idsWithRow(imageIds: readonly string[]): Promise<ReadonlySet<string>> {
    const known = new Set<string>();
    for (const ids of slices(imageIds, questionSize)) {
      const where = [{ column: 'image_id', operator: 'in', value: ids }] as const;
      for (const row of await database.query('storage_writer', 'images', { where })) known.add(row.image_id);
    }
    return known;
  }

  async function resend({ imageId, owner, correlationId }: Origin): Promise<void> {
    log.warn('sweep.event-lost', { imageId, correlationId });
    await events.send(hubs.stream, imageReceivedEvent({ imageId, owner, correlationId, at: clock.now() }));
  }

  /** Committed raw bytes without a row: erased where they should be gone, else announced again. */
  async function repairRaw(blobs: readonly RawBlob[], dryRun: boolean) {
    const settled = blobs.filter(isImage).filter(({ modifiedAt }) => isSettled(modifiedAt));
    const known = await idsWithRow(settled.map(({ imageId }) => imageId));
    const alone = settled.filter(({ imageId }) => !known.has(imageId));
    const erased = await erasedAmong(
      database,
      alone.map(({ imageId }) => imageId),
    );
    const isOver = ({ imageId, origin }: StoredImage): boolean =>
      erased.has(imageId) || deleteAtOf(origin.uploadedAt) <= clock.now();
    const over = alone.filter(isOver);
    const lost = alone.filter((blob) => !isOver(blob)).map(({ origin }) => origin);
    if (!dryRun) {
      await erase(over.map(targetOf), 'sweep', 'service:purge');
      for (const origin of lost) await resend(origin);
    }
    return { erased: over.length, resent: lost.length };
  }

  async function repairDerivatives(dryRun: boolean): Promise<number> {
    let orphaned = 0;
    for await (const page of inventory.processedPages()) {
      for (const blobs of slices(
        page.filter(({ modifiedAt }) => isSettled(modifiedAt)),
        questionSize,
      )) {
        const paths = blobs.map(({ path }) => path);
        const where = [{ column: 'path', operator: 'in', value: paths }] as const;
        const rows = await database.query('storage_writer', 'image_variants', { where });
        const known = new Set(rows.map((row) => row.path));
        const orphans = paths.filter((path) => !known.has(path));
        orphaned += orphans.length;
        if (!dryRun) await inventory.deleteDerivatives(orphans);
      }
    }
    return orphaned;
  }

  /** Rows that speak of an original which is not among the blobs that were there when the sweep began. */
  async function repairRows(present: ReadonlySet<string>, begun: Date, dryRun: boolean): Promise<number> {
    let missing = 0;
    const rows = database.stream('storage_writer', 'images', {
      where: [
        { column: 'status', operator: 'in', value: ['stored', 'processed', 'failed'] },
        { column: 'sha256', operator: 'is not null' },
        { column: 'uploaded_at', operator: '<', value: new Date(begun.getTime() - grace) },
      ],
    });
    for await (const batch of rows) {
      for (const row of batch.filter(({ image_id }) => !present.has(image_id))) {
        missing += 1;
        log.warn('sweep.bytes-missing', { imageId: row.image_id, status: row.status });
        if (!dryRun && row.status === 'stored') await writer.recordFailed(originOf(row), lostBytes);
      }
    }
    return missing;
  }

  async function repairPayloads(dryRun: boolean): Promise<number> {
    let expired = 0;
    for await (const names of inventory.expiredDeadLetterPayloads(clock.now())) {
      expired += names.length;
      if (dryRun || names.length === 0) continue;
      await inventory.deleteDeadLetterPayloads(names);
      await database.execute('storage_writer', 'forget_dead_letter_payloads', { claim_checks: names }, actor);
    }
    if (!dryRun) {
      await database.execute('storage_writer', 'forget_expired_dead_letters', { at: clock.now() }, actor);
    }
    return expired;
  }

  async function repairStaged(staged: readonly string[], dryRun: boolean): Promise<number> {
    const before = await inventory.readFirstSeen();
    const now = clock.now();
    const seen = Object.fromEntries(staged.map((id) => [id, before[id] ?? now.toISOString()]));
    const over = staged.filter((id) => now.getTime() - Date.parse(seen[id]!) > stagedLifetime);
    if (!dryRun) {
      for (const imageId of over) await inventory.discardStaged(imageId);
      const gone = new Set(over);
      await inventory.writeFirstSeen(
        Object.fromEntries(Object.entries(seen).filter(([id]) => !gone.has(id))),
      );
    }
    return over.length;
  }

  return async ({ dryRun = false }: { dryRun?: boolean } = {}): Promise<SweepReport> => {
    const begun = clock.now();
    const expiredUploads = await expireUploads(dryRun);
    const present = new Set<string>();
    const staged: string[] = [];
    let [erased, resent] = [0, 0];
    for await (const blobs of inventory.rawPages()) {
      for (const blob of blobs) {
        if (isImage(blob)) present.add(blob.imageId);
        else staged.push(blob.imageId);
      }
      const mended = await repairRaw(blobs, dryRun);
      erased += mended.erased;
      resent += mended.resent;
    }
    const report = {
      ...{ dryRun, erased, resent },
      missingBytes: await repairRows(present, begun, dryRun),
      orphanedDerivatives: await repairDerivatives(dryRun),
      expiredPayloads: await repairPayloads(dryRun),
      discardedUploads: await repairStaged(staged, dryRun),
      expiredUploads,
    };
    log.info('sweep.done', report);
    return report;
  };
}

const actor = { actor: 'service:purge' };

const lostBytes = {
  code: 'claim-check-missing',
  message: 'The stored bytes of the image were not there any more when the stores were checked.',
} as const;

type StoredImage = RawBlob & { readonly origin: Origin };

const isImage = (blob: RawBlob): blob is StoredImage => blob.origin !== undefined;

const targetOf = ({ imageId, origin: { uploadedAt } }: StoredImage) => ({
  imageId,
  uploadedAt,
  deleteAt: deleteAtOf(uploadedAt),
});

const originOf = (row: {
  image_id: string;
  owner: string;
  source: string;
  uploaded_at: Date;
  correlation_id: string;
}): Origin => ({
  imageId: row.image_id,
  owner: row.owner,
  source: row.source as Origin['source'],
  uploadedAt: row.uploaded_at,
  correlationId: row.correlation_id,
});
