import { deleteOrphans } from './sweep/delete-orphans.ts';
import type { SweepDependencies } from './sweep/dependencies.ts';
import { discardStaged } from './sweep/discard-staged.ts';
import { expirePayloads } from './sweep/expire-payloads.ts';
import { markMissingBytes } from './sweep/mark-missing-bytes.ts';
import { isImage, repairRaw } from './sweep/repair-raw.ts';
import { remakeDerivatives, resendStored } from './sweep/resend-work.ts';

export interface SweepReport {
  readonly dryRun: boolean;
  /** Raw bytes whose event was lost: it is sent again, so that the image comes to its end. */
  readonly resent: number;
  /** Raw bytes without a row that are past their time, or that the ledger says were erased. */
  readonly erased: number;
  /** Rows whose original is missing; those not processed are marked `failed`. */
  readonly missingBytes: number;
  /** Rows `stored` for longer than a hub keeps their event, which is sent again. */
  readonly staleRows: number;
  /** Images that are processed again, since a derivative is missing. */
  readonly missingDerivatives: number;
  /** Derivatives that no row refers to. */
  readonly orphanedDerivatives: number;
  readonly expiredPayloads: number;
  /** Staged blocks that nobody committed within their time. */
  readonly discardedUploads: number;
  /** Resumable uploads that were not finished within their day. */
  readonly expiredUploads: number;
  /** What could not be repaired, which the next sweep tries again; the log says why. */
  readonly failed: number;
}

/** Goes through the raw store: what it holds now, and what of it was repaired. */
async function sweepRaw(dependencies: SweepDependencies, dryRun: boolean) {
  const present = new Set<string>();
  const staged: string[] = [];
  let [erased, resent, failed] = [0, 0, 0];
  for await (const blobs of dependencies.inventory.rawPages()) {
    for (const blob of blobs) {
      if (isImage(blob)) present.add(blob.imageId);
      else staged.push(blob.imageId);
    }
    const repaired = await repairRaw(dependencies, blobs, dryRun);
    erased += repaired.erased;
    resent += repaired.resent;
    failed += repaired.failed;
  }
  return { present, staged, erased, resent, failed };
}

/**
 * Compares the stores with the database from both sides, repairs what it can and reports the rest. A step that fails does
 * not keep the others. Retention goes by our clock.
 */
export function makeSweep(dependencies: SweepDependencies) {
  const { expireUploads, clock, log } = dependencies;
  return async ({ dryRun = false }: { dryRun?: boolean } = {}): Promise<SweepReport> => {
    const begun = clock.now();
    let failedSteps = 0;
    const attempt = async <T>(step: string, run: () => Promise<T>): Promise<T | undefined> => {
      try {
        return await run();
      } catch (error) {
        failedSteps += 1;
        log.error('sweep.failed', error, { step });
        return undefined;
      }
    };
    const expiredUploads = (await attempt('uploads', () => expireUploads(dryRun))) ?? 0;
    const raw = await attempt('raw', () => sweepRaw(dependencies, dryRun));
    const derived = await attempt('derivatives', () => deleteOrphans(dependencies, dryRun));
    // Without a whole listing of a store, nothing can be said to be missing from it.
    const missingBytes =
      raw && (await attempt('rows', () => markMissingBytes(dependencies, raw.present, begun, dryRun)));
    const missingDerivatives =
      raw &&
      derived &&
      (await attempt('variants', () =>
        remakeDerivatives(dependencies, { derived: derived.present, raw: raw.present }, begun, dryRun),
      ));
    const report: SweepReport = {
      ...{ dryRun, erased: raw?.erased ?? 0, resent: raw?.resent ?? 0 },
      ...{ missingBytes: missingBytes ?? 0, missingDerivatives: missingDerivatives ?? 0 },
      staleRows: (await attempt('stored', () => resendStored(dependencies, dryRun))) ?? 0,
      orphanedDerivatives: derived?.orphaned ?? 0,
      expiredPayloads: (await attempt('payloads', () => expirePayloads(dependencies, dryRun))) ?? 0,
      discardedUploads:
        (raw && (await attempt('staged', () => discardStaged(dependencies, raw.staged, dryRun)))) ?? 0,
      ...{ expiredUploads, failed: failedSteps + (raw?.failed ?? 0) },
    };
    log.info('sweep.done', { ...report });
    return report;
  };
}
