import { mkdirSync, writeFileSync } from 'node:fs';
import type { Ports } from './ports.ts';
import { clockOffsetFile, storageAccount } from './settings.ts';
import type { Secrets } from './state.ts';
import type { PartSpec } from './supervise.ts';

export const partNames = ['azurite', 'event-hubs', 'database', 'identity', 'functions'] as const;
export type PartName = (typeof partNames)[number];

interface Given {
  readonly stateDir: string;
  readonly ports: Ports;
  readonly secrets: Secrets;
}

function writeKeyFile(stateDir: string, key: string): string {
  mkdirSync(`${stateDir}/event-hubs`, { recursive: true });
  const file = `${stateDir}/event-hubs-key`;
  writeFileSync(file, key, { mode: 0o600 });
  return file;
}

/** The parts that the functions need; they start side by side. */
export const platformParts = ({ stateDir, ports, secrets }: Given) =>
  ({
    azurite: {
      name: 'azurite',
      script: 'infra/local/azurite/main.ts',
      arguments: ['--data', `${stateDir}/azurite`, '--port', String(ports.blob)],
      environment: { AZURITE_ACCOUNTS: `${storageAccount}:${secrets.storageKey}` },
    },
    'event-hubs': {
      name: 'event-hubs',
      script: 'infra/local/event-hubs/main.ts',
      arguments: [
        ...['--data', `${stateDir}/event-hubs`, '--key-file', writeKeyFile(stateDir, secrets.eventHubsKey)],
        ...['--amqp-port', String(ports.amqp), '--kafka-port', String(ports.kafka)],
      ],
      environment: { DARKROOM_CLOCK_OFFSET_FILE: clockOffsetFile(stateDir) },
    },
    database: {
      name: 'database',
      script: 'infra/local/postgres/main.ts',
      arguments: ['--state', stateDir, '--port', String(ports.database), '--sample-orders'],
      patience: 120_000,
    },
    identity: {
      name: 'identity',
      script: 'infra/local/identity/main.ts',
      arguments: ['--data', `${stateDir}/identity`, '--port', String(ports.identity)],
    },
  }) as const satisfies Partial<Record<PartName, PartSpec>>;

/** The functions host, which starts when the others are ready. */
export const functionsPart = (given: {
  ports: Ports;
  settings: Readonly<Record<string, string>>;
}): PartSpec => ({
  name: 'functions',
  script: 'infra/local/functions-host/main.ts',
  arguments: ['--bundle', 'dist/main.cjs', '--host-json', 'host.json', '--port', String(given.ports.api)],
  environment: given.settings,
});
