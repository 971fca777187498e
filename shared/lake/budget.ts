export interface BudgetLimits {
  readonly jobs: number;
  /** What the jobs under way may weigh together; one that is heavier on its own runs alone. */
  readonly weight: number;
}

/** Runs jobs beside each other within limits. A job that fails is met by the next call, and no further one starts. */
export interface Budget {
  /** Resolves when the job has been started. */
  start(weight: number, job: () => Promise<void>): Promise<void>;
  /** Resolves when all have ended. */
  settled(): Promise<void>;
}

export function makeBudget(limits: BudgetLimits): Budget {
  const underWay = new Set<Promise<void>>();
  const failures: unknown[] = [];
  let weightUnderWay = 0;

  const check = (): void => {
    if (failures.length > 0) throw failures[0];
  };

  async function run(weight: number, job: () => Promise<void>): Promise<void> {
    try {
      await job();
    } catch (error) {
      failures.push(error);
    }
    weightUnderWay -= weight;
  }

  return {
    async start(weight, job) {
      while (underWay.size > 0 && (underWay.size >= limits.jobs || weightUnderWay + weight > limits.weight)) {
        await Promise.race(underWay);
      }
      check();
      weightUnderWay += weight;
      const running = run(weight, job).then(() => void underWay.delete(running));
      underWay.add(running);
    },
    async settled() {
      await Promise.all(underWay);
      check();
    },
  };
}
