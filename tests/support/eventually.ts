import { setTimeout as sleep } from 'node:timers/promises';

export interface Patience {
  /** Milliseconds after which the last failure is thrown. */
  readonly within?: number;
  readonly every?: number;
}

/** Asks again and again until `attempt` neither throws nor answers undefined, and answers what it answered. */
export async function eventually<T>(
  attempt: () => Promise<T | undefined> | T | undefined,
  { within = 20_000, every = 50 }: Patience = {},
): Promise<T> {
  const until = Date.now() + within;
  for (;;) {
    let failure: unknown = new Error('It did not happen in time.');
    try {
      const answer = await attempt();
      if (answer !== undefined) return answer;
    } catch (error) {
      failure = error;
    }
    if (Date.now() > until) throw failure;
    await sleep(every);
  }
}
