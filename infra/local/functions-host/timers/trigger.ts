import type { Invoke } from '../invoke.ts';
import type { Log } from '../log.ts';
import { settle } from '../settle.ts';
import { withSettings } from '../settings.ts';
import type { RegisteredFunction } from '../worker.ts';
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

export const timerBinding = ({ metadata }: RegisteredFunction) =>
  Object.entries(metadata.bindings).find(([, { type }]) => type === 'timerTrigger');

/** Runs a timer function once, with the input that the real host hands over. */
export function invokeTimer(
  target: RegisteredFunction,
  invoke: Invoke,
  { isPastDue = false, status = undefined as ScheduleStatus | undefined, reason = 'timer' } = {},
) {
  const input = {
    Schedule: { AdjustForDST: true },
    ...(status && { ScheduleStatus: status }),
    IsPastDue: isPastDue,
  };
  const [name] = timerBinding(target)!;
  const data = { json: JSON.stringify(input) };
  return invoke(target, { inputData: [{ name, data }], triggerMetadata: {} }, { reason });
}

/** Runs a timer function on its schedule, never two of them at once, and at start-up when it is past due. */
export async function startTimer(target: RegisteredFunction, dependencies: TimerDependencies) {
  const { monitor, environment, invoke } = dependencies;
  const { name } = target.metadata;
  const binding = timerBinding(target)![1];
  const schedule = parseSchedule(withSettings(String(binding['schedule']), environment));
  const monitored = binding['useMonitor'] !== false && schedule.interval >= minute;
  let timeout: NodeJS.Timeout | undefined;
  let stopped = false;
  let running: Promise<unknown> = Promise.resolve();

  async function run(isPastDue: boolean, status: ScheduleStatus | undefined) {
    const began = new Date();
    await settle(invokeTimer(target, invoke, { isPastDue, status }));
    const now = new Date();
    if (!monitored) return;
    await monitor
      .write(name, {
        Last: began.toISOString(),
        Next: schedule.next(now).toISOString(),
        LastUpdated: now.toISOString(),
      })
      .catch((error: unknown) =>
        dependencies.log({
          level: 'warning',
          category: `Function.${name}`,
          message: 'The schedule status was not saved',
          exception: String(error),
        }),
      );
  }

  function scheduleNext() {
    if (stopped) return;
    const due = schedule.next(new Date());
    const wait = () => {
      const left = due.getTime() - Date.now();
      if (left > 0) timeout = setTimeout(wait, Math.min(left, longestDelay));
      else running = run(false, undefined).finally(scheduleNext);
    };
    wait();
  }

  const status = monitored ? await monitor.read(name) : undefined;
  const pastDue = status !== undefined && new Date(status.Next) < new Date();
  if (monitored && !status) {
    const now = new Date();
    const never = '0001-01-01T00:00:00';
    await monitor.write(name, {
      Last: never,
      Next: schedule.next(now).toISOString(),
      LastUpdated: now.toISOString(),
    });
  }
  if (pastDue || binding['runOnStartup'] === true) running = run(pastDue, status).finally(scheduleNext);
  else scheduleNext();

  return {
    close: async () => {
      stopped = true;
      clearTimeout(timeout);
      await running;
    },
  };
}
