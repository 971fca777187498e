import { median } from '../harness/statistics.ts';

/** So many that the code on all sides is compiled when the warm-up ends, and that a run is not its first few. */
export const requestsPerRun = 100;

/** The median of a run of requests, one after the other. Milliseconds. */
export async function typical(request: () => Promise<unknown>, requests = requestsPerRun): Promise<number> {
  const values: number[] = [];
  for (let index = 0; index < requests; index++) {
    const began = performance.now();
    await request();
    values.push(performance.now() - began);
  }
  return median(values);
}
