import { readFileSync } from 'node:fs';
import { shiftedClock, systemClock, type Clock } from '../../../shared/platform/clock.ts';
import { readOrMakeKey } from './access-key.ts';
import { readOptions, usage, type Options } from './options.ts';
import { startEventHubs } from './start.ts';

/*
 * The local Event Hubs as a process. Standard output has one JSON line an event ("listening", "repaired", "stopped");
 * SIGTERM and SIGINT stop it.
 */

const tell = (event: string, fields: object = {}): void =>
  void process.stdout.write(`${JSON.stringify({ event, ...fields })}\n`);

/** Asked anew each time, so that whoever writes the file moves the clock. */
function clockFrom(file: string | undefined): Clock {
  if (file === undefined || file === '') return systemClock;
  return shiftedClock(() => {
    try {
      return Number(readFileSync(file, 'utf8')) || 0;
    } catch {
      return 0;
    }
  });
}

async function run(options: Options): Promise<void> {
  const key = await readOrMakeKey(options.keyFile);
  const clock = clockFrom(options.clockOffsetFile);
  const eventHubs = await startEventHubs({
    ...options,
    key,
    clock,
    onRepair: (repair) => tell('repaired', repair),
  });
  const stop = (): void => {
    eventHubs.stop().then(
      () => {
        tell('stopped');
        process.exit(0);
      },
      (error: unknown) => fail(error),
    );
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  tell('listening', { amqpPort: eventHubs.amqpPort, kafkaPort: eventHubs.kafkaPort });
}

function fail(error: unknown): never {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

try {
  const options = readOptions(process.argv.slice(2), process.env);
  if (options) await run(options);
  else process.stdout.write(`${usage}\n`);
} catch (error) {
  fail(error);
}
