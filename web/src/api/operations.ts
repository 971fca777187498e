import { apiUrl, callJson } from './client.ts';
import { problemOf, unreachable } from './problem.ts';

export interface Lag {
  readonly state: 'current' | 'behind' | 'no-consumer' | 'not-measurable';
  /** How many events wait; null when it cannot be measured. */
  readonly events: number | null;
  /** How long the oldest of them has waited. */
  readonly seconds: number | null;
}

export interface PartitionLag extends Lag {
  readonly partition: string;
  readonly expired: number;
  readonly lastSequenceNumber: number;
  readonly checkpoint: number | null;
  readonly checkpointAt: string | null;
}

export interface GroupLag extends Lag {
  readonly hub: string;
  readonly consumerGroup: string;
  readonly throughput: { readonly inPerSecond: number; readonly settledPerSecond: number } | null;
  readonly partitions: readonly PartitionLag[];
}

export interface Health {
  readonly status: 'healthy' | 'unhealthy';
  readonly checkedAt: string;
  readonly checks: readonly {
    readonly name: string;
    readonly status: 'healthy' | 'unhealthy';
    readonly milliseconds: number;
    readonly code?: string;
  }[];
}

export interface ImageCount {
  readonly status: string;
  readonly source: string;
  readonly images: number;
  readonly bytes: number;
  readonly oldest: string | null;
}

export interface DeadLetter {
  readonly id: string;
  readonly imageId: string | null;
  readonly origin: { readonly hub: string; readonly partition: string; readonly offset: string };
  readonly stage: string;
  readonly code: string;
  readonly message: string;
  readonly attempts: number;
  readonly payloadBytes: number;
  readonly deadAt: string;
  readonly expiresAt: string;
  readonly replays: number;
  readonly lastOutcome: string | null;
}

export interface DeadLetterDetail extends DeadLetter {
  /** What may be shown without showing whose it is; null when it is gone. */
  readonly payload: {
    readonly bytes: number;
    readonly contentType: string | null;
    readonly headers: readonly string[];
    readonly hasKey: boolean;
    readonly begins: string;
    readonly fields: readonly string[] | null;
  } | null;
  readonly replayed: readonly {
    readonly at: string;
    readonly actor: string;
    readonly reason: string;
    readonly outcome: string;
  }[];
}

export type ReplayOutcome = 'applied' | 'duplicate' | 'fails-again' | 'refused-erased';

export interface ReplayAnswer {
  readonly dryRun: boolean;
  readonly results: readonly {
    readonly id: string;
    readonly outcome: ReplayOutcome;
    readonly detail: string;
  }[];
  readonly more: boolean;
}

export interface LedgerEntry {
  readonly sequence: number;
  readonly kind: 'retention' | 'erasure' | 'sweep';
  readonly imageDigest: string;
  readonly blobs: number;
  readonly bytes: number;
  readonly lakeRows: number;
  readonly uploadedAt: string;
  readonly dueAt: string;
  readonly erasedAt: string;
  readonly hash: string;
}

export interface Verification {
  readonly valid: boolean;
  readonly entries: number;
  readonly firstBad: number | null;
  readonly head: string | null;
}

export interface Processor {
  readonly name: string;
  /** The present one; null when it is gone. */
  readonly version: string | null;
  readonly variants: readonly string[];
  readonly versions: readonly {
    readonly version: string;
    readonly images: number;
    readonly lastAt: string;
  }[];
}

export interface Right {
  readonly role: string;
  readonly schema: string;
  readonly object: string;
  readonly kind: string;
  readonly verb: string;
  /** What the database answers. */
  readonly allowed: boolean;
  /** What the permission model says. */
  readonly meant: boolean;
}

export interface RightsReport {
  readonly asOf: string;
  readonly roles: readonly string[];
  readonly rights: readonly Right[];
  readonly differences: readonly Right[];
}

export interface LakeExport {
  readonly table: string;
  readonly rows: number;
  readonly files: number;
  readonly bytes: number;
  readonly exportedAt: string;
  readonly ageSeconds: number;
}

/** Health of the parts; an answer of 503 is an answer. */
export async function readHealth(signal?: AbortSignal): Promise<Health> {
  const response = await fetch(await apiUrl('/health'), signal ? { signal } : {}).catch((error: unknown) => {
    if (signal?.aborted === true) throw error;
    throw unreachable();
  });
  if (response.ok || response.status === 503) return (await response.json()) as Health;
  throw await problemOf(response);
}

export const readStream = (
  signal?: AbortSignal,
): Promise<{ readonly asOf: string; readonly groups: readonly GroupLag[] }> =>
  callJson('/operations/stream', { signal });

export const countImages = (
  signal?: AbortSignal,
): Promise<{ readonly asOf: string; readonly counts: readonly ImageCount[] }> =>
  callJson('/operations/images', { signal });

export interface DeadLetterQuery {
  readonly code?: string | undefined;
  readonly open?: boolean | undefined;
  readonly cursor?: string | undefined;
  readonly limit?: number;
}

export const listDeadLetters = (
  query: DeadLetterQuery,
  signal?: AbortSignal,
): Promise<{ readonly deadLetters: readonly DeadLetter[]; readonly next: string | null }> =>
  callJson('/operations/dead-letters', { query: { ...query }, signal });

export const getDeadLetter = (id: string, signal?: AbortSignal): Promise<DeadLetterDetail> =>
  callJson(`/operations/dead-letters/${id}`, { signal });

/** Without a reason it says only what would become of them. */
export const replay = (ids: readonly string[], reason?: string): Promise<ReplayAnswer> =>
  callJson('/operations/dead-letters/replay', {
    method: 'POST',
    json: reason === undefined ? { ids, dryRun: true } : { ids, reason },
  });

export const listPurges = (
  query: {
    readonly cursor?: string | undefined;
    readonly limit?: number;
    readonly imageId?: string | undefined;
  },
  signal?: AbortSignal,
): Promise<{ readonly purges: readonly LedgerEntry[]; readonly next: string | null }> =>
  callJson('/operations/purges', { query: { ...query }, signal });

export const verifyLedger = (signal?: AbortSignal): Promise<Verification> =>
  callJson('/operations/purges/verify', { signal });

export const listProcessors = (
  signal?: AbortSignal,
): Promise<{ readonly processors: readonly Processor[] }> => callJson('/operations/processors', { signal });

export const reprocess = (
  processor: string,
  reason?: string,
): Promise<{ readonly dryRun: boolean; readonly images: number }> =>
  callJson('/operations/reprocess', {
    method: 'POST',
    json: reason === undefined ? { processor, dryRun: true } : { processor, reason },
  });

export const readRights = (signal?: AbortSignal): Promise<RightsReport> =>
  callJson('/operations/rights', { signal });

export const readExports = (
  signal?: AbortSignal,
): Promise<{ readonly asOf: string; readonly exports: readonly LakeExport[] }> =>
  callJson('/operations/exports', { signal });
