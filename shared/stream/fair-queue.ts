/** What waits for its turn: of which flow (an owner's work), and how long it is estimated to take. Milliseconds. */
export interface Turn {
  readonly flow: string;
  readonly ms: number;
  /** Behind the others of its flow. */
  readonly isDeferred?: boolean;
}

interface Waiting<T extends Turn> {
  readonly turn: T;
  readonly begin: () => void;
}

interface Flow {
  /** How much of its work was done, as the queue's time goes. Milliseconds. */
  done: number;
  /** Of its turns, waiting and in work. */
  open: number;
}

/** Flows that have nothing open are forgotten when there are more than this. */
const maxFlows = 10_000;

/**
 * Start-time fair queueing: next is the flow that has had the least, whatever waits of the others, and within a flow what
 * is not deferred, then what came first. One that comes anew begins where the others are, so that it neither waits for them nor
 * lives on its absence. What one had is remembered while others wait: whoever sends one by one is not new each time.
 * A turn counts as its estimate when it begins, and as what it took when it ends. `fits` says what may be in work together;
 * what does not fit lets others pass.
 */
export function makeFairQueue<T extends Turn>(
  fits: (turn: T, inWork: readonly T[]) => boolean,
  now: () => number = () => performance.now(),
) {
  const waiting: Waiting<T>[] = [];
  const inWork: T[] = [];
  const flows = new Map<string, Flow>();
  let time = 0;

  const isBefore = ({ turn: one }: Waiting<T>, { turn: other }: Waiting<T>): boolean => {
    const [oneDone, otherDone] = [flows.get(one.flow)!.done, flows.get(other.flow)!.done];
    return oneDone < otherDone || (oneDone === otherDone && !one.isDeferred && other.isDeferred === true);
  };

  function beginWhatFits(): void {
    for (;;) {
      const fitting = waiting.filter(({ turn }) => fits(turn, inWork));
      if (fitting.length === 0) return;
      const next = fitting.reduce((best, one) => (isBefore(one, best) ? one : best));
      waiting.splice(waiting.indexOf(next), 1);
      inWork.push(next.turn);
      const flow = flows.get(next.turn.flow)!;
      time = Math.max(time, flow.done);
      flow.done += next.turn.ms;
      next.begin();
    }
  }

  function forgetClosed(): void {
    for (const [name, { open }] of flows) if (open === 0) flows.delete(name);
  }

  function end(turn: T, tookMs: number): void {
    inWork.splice(inWork.indexOf(turn), 1);
    const flow = flows.get(turn.flow)!;
    flow.done += tookMs - turn.ms;
    flow.open -= 1;
    if (waiting.length === 0 || flows.size > maxFlows) forgetClosed();
    beginWhatFits();
  }

  return async <R>(turn: T, run: () => R | Promise<R>): Promise<R> => {
    const flow = flows.get(turn.flow) ?? { done: time, open: 0 };
    if (flow.open === 0) flow.done = Math.max(flow.done, time);
    flow.open += 1;
    flows.set(turn.flow, flow);
    await new Promise<void>((begin) => {
      waiting.push({ turn, begin });
      beginWhatFits();
    });
    const begun = now();
    try {
      return await run();
    } finally {
      end(turn, now() - begun);
    }
  };
}
