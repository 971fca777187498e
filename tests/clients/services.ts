import { join } from 'node:path';
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
  const wrongKey = Buffer.from('another key').toString('base64');
  return {
    environment: {
      HUB: hubs.slow,
      KAFKA: `127.0.0.1:${eventHubs.kafkaPort}`,
      CONNECTION_STRING: eventHubs.connectionString,
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
