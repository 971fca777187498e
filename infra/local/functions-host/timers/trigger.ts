import { randomUUID } from 'node:crypto';
import type { FunctionMetadata } from '../core-types.ts';
import type { Invoke } from '../invoke.ts';
import type { Log } from '../log.ts';
import { withRetries } from '../retry.ts';
import { settle } from '../settle.ts';
import { withSettings } from '../settings.ts';
import type { ScheduleMonitor, ScheduleStatus } from './monitor.ts';
import { parseSchedule } from './schedule.ts';

export interface TimerDependencies {
  readonly monitor: ScheduleMonitor;
  readonly environment: NodeJS.ProcessEnv;
  readonly invoke: Invoke;
  readonly log: Log;
}

const minute = 60_000;
/** The longest delay that setTimeout takes; longer waits are made of several. */
const longestDelay = 2 ** 31 - 1;

const never = '0001-01-01T00:00:00';

const timerBinding = ({ bindings }: FunctionMetadata) =>
  Object.entries(bindings).find(([, { type }]) => type === 'timerTrigger');

export const isTimer = (target: FunctionMetadata): boolean => timerBinding(target) !== undefined;

export interface Timer {
  /** Runs it now, whatever its schedule says. */
  runOnDemand(): Promise<unknown>;
  close(): Promise<void>;
}

/** Runs a timer function on its schedule, never two of them at once, and at start-up when it is past due. */
export async function startTimer(target: FunctionMetadata, dependencies: TimerDependencies): Promise<Timer> {
  const { monitor, environment, invoke, log } = dependencies;
  const { name, retryOptions } = target;
  const [inputName, binding] = timerBinding(target)!;
  const schedule = parseSchedule(withSettings(String(binding['schedule']), environment));
  const monitored = binding['useMonitor'] !== false && schedule.interval >= minute;
  const stop = new AbortController();
  let timeout: NodeJS.Timeout | undefined;
  let running: Promise<unknown> = Promise.resolve();

  const stored = monitored ? await monitor.read(name) : undefined;
  /** What the real host hands over with the first invocation, too: the schedule's next time, and that it never ran. */
  let status: ScheduleStatus = stored ?? {
    Last: never,
    Next: schedule.next(new Date()).toISOString(),
    LastUpdated: never,
  };

  /** One occurrence: under the function's retry policy, every try with the same invocation id. */
  function invokeTimer(isPastDue: boolean, reason: string) {
    const input = {
      Schedule: { AdjustForDST: true },
      ...(monitored && { ScheduleStatus: status }),
      IsPastDue: isPastDue,
    };
    const data = { json: JSON.stringify(input) };
    const invocationId = randomUUID();
    return withRetries(retryOptions, stop.signal, (retryContext) =>
      invoke(
        target,
        {
          inputData: [{ name: inputName, data }],
          triggerMetadata: {},
          ...(retryContext && { retryContext }),
        },
        { invocationId, reason },
      ),
    );
  }

  async function save(): Promise<void> {
    try {
      await monitor.write(name, status);
    } catch (error) {
      const message = 'The schedule status was not saved';
      log({ level: 'warning', category: `Function.${name}`, message, exception: String(error) });
    }
  }

  async function run(isPastDue: boolean) {
    const began = new Date();
    await settle(invokeTimer(isPastDue, 'timer'));
    if (stop.signal.aborted && !monitored) return;
    // Fired a little early, the occurrence still counts as the one that was due.
    const due = new Date(status.Next);
    const last = !isPastDue && due > began ? due : began;
    status = {
      Last: last.toISOString(),
      Next: schedule.next(last).toISOString(),
      LastUpdated: last.toISOString(),
    };
    if (monitored) await save();
  }

  function scheduleNext() {
    if (stop.signal.aborted) return;
    const due = schedule.next(new Date());
    const wait = () => {
      const left = due.getTime() - Date.now();
      if (left > 0) timeout = setTimeout(wait, Math.min(left, longestDelay));
      else running = run(false).finally(scheduleNext);
    };
    wait();
  }

  if (monitored && stored === undefined) await save();
  const isPastDue = stored !== undefined && new Date(stored.Next) < new Date();
  if (isPastDue || binding['runOnStartup'] === true) running = run(isPastDue).finally(scheduleNext);
  else scheduleNext();

  return {
    runOnDemand: () => invokeTimer(false, 'on demand'),
    close: async () => {
      stop.abort();
      clearTimeout(timeout);
      await running;
    },
  };
}
