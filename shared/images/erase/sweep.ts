import { deleteOrphans } from './sweep/delete-orphans.ts';
import type { SweepDependencies } from './sweep/dependencies.ts';
import { discardStaged } from './sweep/discard-staged.ts';
import { expirePayloads } from './sweep/expire-payloads.ts';
import { markMissingBytes } from './sweep/mark-missing-bytes.ts';
import { isImage, repairRaw } from './sweep/repair-raw.ts';

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

/** Goes through the raw store: what it holds now, and what of it was repaired. */
async function sweepRaw(dependencies: SweepDependencies, dryRun: boolean) {
  const present = new Set<string>();
  const staged: string[] = [];
  let [erased, resent] = [0, 0];
  for await (const blobs of dependencies.inventory.rawPages()) {
    for (const blob of blobs) {
      if (isImage(blob)) present.add(blob.imageId);
      else staged.push(blob.imageId);
    }
    const repaired = await repairRaw(dependencies, blobs, dryRun);
    erased += repaired.erased;
    resent += repaired.resent;
  }
  return { present, staged, erased, resent };
}

/** Compares the stores with the database, repairs what it can and reports the rest. Retention goes by our clock. */
export function makeSweep(dependencies: SweepDependencies) {
  const { expireUploads, clock, log } = dependencies;
  return async ({ dryRun = false }: { dryRun?: boolean } = {}): Promise<SweepReport> => {
    const begun = clock.now();
    const expiredUploads = await expireUploads(dryRun);
    const { present, staged, erased, resent } = await sweepRaw(dependencies, dryRun);
    const report: SweepReport = {
      ...{ dryRun, erased, resent },
      missingBytes: await markMissingBytes(dependencies, present, begun, dryRun),
      orphanedDerivatives: await deleteOrphans(dependencies, dryRun),
      expiredPayloads: await expirePayloads(dependencies, dryRun),
      discardedUploads: await discardStaged(dependencies, staged, dryRun),
      expiredUploads,
    };
    log.info('sweep.done', { ...report });
    return report;
  };
}
