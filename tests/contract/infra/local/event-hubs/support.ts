import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import {
  EventHubConsumerClient,
  earliestEventPosition,
  type EventPosition,
  type ReceivedEventData,
} from '@azure/event-hubs';
import { connectionStringOf } from '../../../../../infra/local/event-hubs/access-key.ts';
import { freePort } from '../../../../../infra/local/supervisor/ports.ts';
import { startEventHubs, type EventHubsOptions } from '../../../../../infra/local/event-hubs/start.ts';
import { suiteUnless } from '../../../../support/skip-unless.ts';

export const key = Buffer.from('a key for tests only, not a secret').toString('base64');

export const temporaryDirectory = () => mkdtemp(join(tmpdir(), 'event-hubs-'));

/** Both endpoints in this process, on free ports and a folder of their own; `stop` removes it. */
export async function startTemporary(options: Partial<EventHubsOptions> = {}) {
  const dataDir = await temporaryDirectory();
  const eventHubs = await startEventHubs({ dataDir, amqpPort: 0, kafkaPort: 0, key, ...options });
  return {
    ...eventHubs,
    dataDir,
    async stop() {
      await eventHubs.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/**
 * The broker as a process of its own, on ports that nobody takes while it is down, so that it can be killed and started again;
 * perhaps by another program that becomes it.
 */
export async function spawnBroker(
  dataDir: string,
  amqpPort?: number,
  kafkaPort?: number,
  within: readonly string[] = [],
) {
  amqpPort ??= await freePort();
  kafkaPort ??= await freePort();
  const args = ['--data', dataDir, '--amqp-port', String(amqpPort), '--kafka-port', String(kafkaPort)];
  const [command, ...rest] = [...within, process.execPath, 'infra/local/event-hubs/main.ts', ...args];
  const child = spawn(command!, rest, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ports = await new Promise<{ amqpPort: number; kafkaPort: number }>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`The broker ended with ${code}.`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const event = JSON.parse(line) as { event: string; amqpPort: number; kafkaPort: number };
      if (event.event === 'listening') resolve(event);
    });
  });
  return { child, ...ports };
}

export async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  child.kill(signal);
  return ended;
}

/** A token of the local issuer. */
export async function issuerToken(
  issuer: string,
  persona: string,
  audience: string,
  expiresIn = 3600,
): Promise<string> {
  const body = new URLSearchParams({ persona, audience, expires_in: String(expiresIn) });
  const response = await fetch(`${issuer}/token`, { method: 'POST', body });
  return ((await response.json()) as { access_token: string }).access_token;
}

/** What a Kafka client signs in with. */
export const signIn = (kafkaPort: number, accessKey = key) => ({
  broker: `127.0.0.1:${kafkaPort}`,
  username: '$ConnectionString',
  password: connectionStringOf('127.0.0.1', kafkaPort, accessKey),
});

export const librdkafka = (kafkaPort: number, accessKey = key): Record<string, string> => {
  const { broker, username, password } = signIn(kafkaPort, accessKey);
  return {
    'bootstrap.servers': broker,
    'security.protocol': 'SASL_PLAINTEXT',
    'sasl.mechanism': 'PLAIN',
    'sasl.username': username,
    'sasl.password': password,
  };
};

/** Receives over AMQP until `count` events of a hub came, whatever partition they are in. */
export async function receive(
  connectionString: string,
  hub: string,
  count: number,
  startPosition: EventPosition = earliestEventPosition,
): Promise<(ReceivedEventData & { partitionId: string })[]> {
  const client = new EventHubConsumerClient('$Default', connectionString, hub);
  const received: (ReceivedEventData & { partitionId: string })[] = [];
  try {
    await new Promise<void>((resolve, reject) => {
      if (count === 0) resolve();
      client.subscribe(
        {
          processEvents: (events, { partitionId }) => {
            for (const event of events) received.push(Object.assign(event, { partitionId }));
            if (received.length >= count) resolve();
            return Promise.resolve();
          },
          processError: (error) => {
            reject(error);
            return Promise.resolve();
          },
        },
        { startPosition, maxBatchSize: 50, maxWaitTimeInSeconds: 1, skipParsingBodyAsJson: true },
      );
    });
  } finally {
    await client.close();
  }
  return received;
}

const has = (command: string, args: readonly string[]): boolean => {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

export const python = '/usr/bin/python3';
const tools = {
  kcat: has('kcat', ['-V']),
  'python3-confluent-kafka': has(python, ['-c', 'import confluent_kafka']),
};

/** A suite that needs a Debian package; without it, the suite says so in its title and is skipped. */
export function describeWith(tool: keyof typeof tools, title: string, suite: () => void): void {
  suiteUnless(tools[tool] ? undefined : `apt-get install ${tool}`)(title, suite);
}
