import { join } from 'node:path';
import { EventHubProducerClient } from '@azure/event-hubs';
import { groupId, kafkaSettings, settingsClients, type Side } from '../../cli/support/kafka-settings.ts';
import { connectionStringOf } from '../../infra/local/event-hubs/access-key.ts';
import { startEventHubs } from '../../infra/local/event-hubs/start.ts';
import { startIdentity } from '../../infra/local/identity/server.ts';
import { startStack } from '../../infra/local/stack.ts';
import { hubs } from '../../shared/stream/hubs.ts';

/** What the programs are told, and how to stop what they talk to. */
export interface Services {
  readonly environment: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** What `npx darkroom kafka settings` prints for each client, by side and client, with a group of its own. */
function printedSettings(host: string): Record<string, string> {
  const sides: readonly Side[] = ['producer', 'consumer'];
  const printed = (side: Side) =>
    settingsClients.map((client) => [
      `PRINTED_${side}_${client}`.toUpperCase(),
      kafkaSettings(client, side, { host, encrypted: false }, 'connection-string').replace(
        groupId,
        `${client}-application`,
      ),
    ]);
  return Object.fromEntries(sides.flatMap(printed)) as Record<string, string>;
}

/** An image's outcome, for those who read them. */
async function tellOutcome(connectionString: string): Promise<string> {
  const producer = new EventHubProducerClient(connectionString, hubs.outcomes);
  const outcome = JSON.stringify({ specversion: '1.0', type: 'darkroom.image.processed' });
  await producer.sendBatch([{ body: Buffer.from(outcome) }]).finally(() => producer.close());
  return outcome;
}

export async function startHubs(directory: string): Promise<Services> {
  const identity = await startIdentity({ directory, port: 0 });
  const key = Buffer.from('a key for these clients only').toString('base64');
  const eventHubs = await startEventHubs({
    dataDir: join(directory, 'event-hubs'),
    amqpPort: 0,
    kafkaPort: 0,
    key,
    issuer: identity.issuer,
  });
  const body = new URLSearchParams({ persona: 'engineering', audience: 'https://127.0.0.1' });
  const answer = await fetch(`${identity.issuer}/token`, { method: 'POST', body });
  const { access_token: token } = (await answer.json()) as { access_token: string };
  const outcome = await tellOutcome(eventHubs.connectionString);
  const kafka = `127.0.0.1:${eventHubs.kafkaPort}`;
  const wrongKey = Buffer.from('another key').toString('base64');
  return {
    environment: {
      HUB: hubs.slow,
      OUTCOMES: hubs.outcomes,
      OUTCOME: outcome,
      KAFKA: kafka,
      CONNECTION_STRING: eventHubs.connectionString,
      // By the name that the printed settings have for it.
      EVENT_HUBS_CONNECTION_STRING: eventHubs.connectionString,
      ...printedSettings(kafka),
      WRONG_CONNECTION_STRING: connectionStringOf('127.0.0.1', eventHubs.amqpPort, wrongKey),
      TOKEN: token,
    },
    async stop() {
      await eventHubs.stop();
      await identity.close();
    },
  };
}

export async function startUploads(directory: string): Promise<Services> {
  const stateDir = join(directory, 'stack');
  const stack = await startStack({ stateDir, ports: 'ephemeral', services: ['upload'], hasReplica: false });
  return {
    environment: {
      UPLOADS: new URL('/api/uploads', stack.endpoints.api).href,
      TOKEN: await stack.token('uploader', { expiresIn: 3600 }),
    },
    stop: () => stack.stop(),
  };
}
