import { asDarkroomError } from '../platform/errors.ts';

/** One part that a service needs. */
export interface Check {
  readonly name: string;
  /** Throws when the part is not well. */
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

/** A part that takes longer is not well. Milliseconds. */
const timeout = 4_000;
/** An answer is good for this long, so that asking often costs nothing. Milliseconds. */
const freshness = 3_000;

async function run({ name, probe }: Check): Promise<CheckResult> {
  const begun = performance.now();
  const took = (): number => Math.round(performance.now() - begun);
  const { promise: tooLate, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error('timeout')), timeout);
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

/** Looks at all parts at once; those who ask meanwhile, or soon after, get the same answer. */
export function makeHealth(checks: () => Promise<readonly Check[]>): () => Promise<Health> {
  let latest: { readonly at: number; readonly health: Promise<Health> } | undefined;
  const check = async (): Promise<Health> => {
    const results = await Promise.all((await checks()).map(run));
    const isWell = results.every(({ status }) => status === 'healthy');
    return {
      status: isWell ? 'healthy' : 'unhealthy',
      checkedAt: new Date().toISOString(),
      checks: results,
    };
  };
  return () => {
    if (latest === undefined || Date.now() - latest.at > freshness) {
      latest = { at: Date.now(), health: check() };
    }
    return latest.health;
  };
}
