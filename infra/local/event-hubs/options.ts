import { parseArgs } from 'node:util';
import { defaultPartitions } from './start.ts';

/** How the process is told what to do: a flag each, or the environment variable beside it. */
export interface Options {
  readonly dataDir: string;
  readonly keyFile: string;
  readonly amqpPort: number;
  readonly kafkaPort: number;
  readonly partitions: number;
  readonly host: string;
  readonly advertisedHost: string;
  readonly issuer: string | undefined;
  readonly sync: boolean;
  readonly clockOffsetFile: string | undefined;
}

export const usage = `Usage: event-hubs --data DIR [options]            (environment variable)
  --data DIR              logs and, by default, the key      EVENT_HUBS_DATA
  --amqp-port N           default 5672; 0 is any free port   EVENT_HUBS_AMQP_PORT
  --kafka-port N          default 9092; 0 is any free port   EVENT_HUBS_KAFKA_PORT
  --key-file F            default DIR/access-key             EVENT_HUBS_KEY_FILE
  --partitions N          of each new hub, default ${defaultPartitions}         EVENT_HUBS_PARTITIONS
  --host H                to listen on, default 127.0.0.1    EVENT_HUBS_HOST
  --advertised-host H     told to clients, default 127.0.0.1 EVENT_HUBS_ADVERTISED_HOST
  --issuer URL            whose tokens clients may sign in with EVENT_HUBS_ISSUER
  --sync                  wait for the disk at each write    EVENT_HUBS_SYNC=1
  DARKROOM_CLOCK_OFFSET_FILE holds milliseconds that the clock runs ahead.`;

const names = [
  'data',
  'amqp-port',
  'kafka-port',
  'key-file',
  'partitions',
  'host',
  'advertised-host',
  'issuer',
] as const;

/** Undefined when only help is wanted. */
export function readOptions(args: readonly string[], environment: NodeJS.ProcessEnv): Options | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...(Object.fromEntries(names.map((name) => [name, { type: 'string' }])) as Record<
        (typeof names)[number],
        { type: 'string' }
      >),
      sync: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help === true) return undefined;
  const text = (name: (typeof names)[number]): string | undefined =>
    values[name] ?? environment[`EVENT_HUBS_${name.replace('-', '_').toUpperCase()}`];
  const dataDir = text('data');
  if (dataDir === undefined || dataDir === '') throw new Error(`--data is missing.\n${usage}`);
  return {
    dataDir,
    keyFile: text('key-file') ?? `${dataDir}/access-key`,
    amqpPort: whole('amqp-port', text('amqp-port') ?? '5672', 0, 65_535),
    kafkaPort: whole('kafka-port', text('kafka-port') ?? '9092', 0, 65_535),
    partitions: whole('partitions', text('partitions') ?? String(defaultPartitions), 1, 32),
    host: text('host') ?? '127.0.0.1',
    advertisedHost: text('advertised-host') ?? '127.0.0.1',
    issuer: text('issuer'),
    sync: values.sync ?? environment['EVENT_HUBS_SYNC'] === '1',
    clockOffsetFile: environment['DARKROOM_CLOCK_OFFSET_FILE'],
  };
}

function whole(name: string, text: string, min: number, max: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw new Error(`--${name} has to be a whole number from ${min} to ${max}.`);
}
