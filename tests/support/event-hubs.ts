import { connectionStringOf } from '../../infra/local/event-hubs/access-key.ts';
import { readFile } from 'node:fs/promises';
import { freePort } from '../../infra/local/supervisor/ports.ts';
import { runComponent, type TestComponent } from './component.ts';

export interface TestHubs {
  readonly component: TestComponent;
  readonly connectionString: string;
  readonly amqpPort: number;
  readonly kafkaPort: number;
}

/** The local Event Hubs on free ports (or, for a restart, on given ones), its log under `directory`. */
export async function runEventHubs(
  directory: string,
  ports?: { amqpPort: number; kafkaPort: number },
): Promise<TestHubs> {
  // Ports that nobody takes while it is down.
  ports ??= { amqpPort: await freePort(), kafkaPort: await freePort() };
  const keyFile = `${directory}/event-hubs-key`;
  const component = await runComponent('infra/local/event-hubs/main.ts', [
    ...['--data', `${directory}/event-hubs`, '--key-file', keyFile],
    ...['--amqp-port', String(ports.amqpPort), '--kafka-port', String(ports.kafkaPort)],
  ]);
  const amqpPort = Number(component.announcement['amqpPort']);
  const kafkaPort = Number(component.announcement['kafkaPort']);
  const key = (await readFile(keyFile, 'utf8')).trim();
  return { component, amqpPort, kafkaPort, connectionString: connectionStringOf('127.0.0.1', amqpPort, key) };
}
