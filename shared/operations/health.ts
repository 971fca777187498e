import { asDarkroomError } from '../platform/errors.ts';

/** A dependency of a service. */
export interface Check {
  readonly name: string;
  /** Throws when the dependency does not work. */
  readonly probe: () => Promise<unknown>;
}

export interface CheckResult {
  readonly name: string;
  readonly status: 'healthy' | 'unhealthy';
  readonly milliseconds: number;
  /** An error code, never an address or a message: anybody may read this. */
  readonly code?: string;
}

export interface Health {
  readonly status: 'healthy' | 'unhealthy';
  readonly checkedAt: string;
  readonly checks: readonly CheckResult[];
}

/** A dependency that takes longer counts as unhealthy. */
const timeoutMs = 4_000;
/** An answer is kept this long, so that asking often costs nothing. */
const freshnessMs = 3_000;

async function run({ name, probe }: Check): Promise<CheckResult> {
  const begun = performance.now();
  const took = (): number => Math.round(performance.now() - begun);
  const { promise: tooLate, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error('timeout')), timeoutMs);
  try {
    await Promise.race([probe(), tooLate]);
    return { name, status: 'healthy', milliseconds: took() };
  } catch (error) {
    const { code } = asDarkroomError(error);
    return {
      name,
      status: 'unhealthy',
      milliseconds: took(),
      code: code === 'internal' ? 'unavailable' : code,
    };
  } finally {
    clearTimeout(timer);
  }
}

/** Checks all dependencies at once. Requests that come meanwhile, or soon after, get the same answer. */
export function makeHealth(checks: () => Promise<readonly Check[]>): () => Promise<Health> {
  let latest: { readonly at: number; readonly health: Promise<Health> } | undefined;
  const check = async (): Promise<Health> => {
    const results = await Promise.all((await checks()).map(run));
    const isHealthy = results.every(({ status }) => status === 'healthy');
    return {
      status: isHealthy ? 'healthy' : 'unhealthy',
      checkedAt: new Date().toISOString(),
      checks: results,
    };
  };
  return () => {
    if (latest === undefined || Date.now() - latest.at > freshnessMs) {
      latest = { at: Date.now(), health: check() };
    }
    return latest.health;
  };
}
