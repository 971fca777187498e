import { mkdirSync, writeFileSync } from 'node:fs';
import { postgresFolder } from '../postgres/account.ts';
import { peerOf, primaryOf, slots, type Slot } from '../postgres/slots.ts';
import type { Ports } from './ports.ts';
import { clockOffsetFile, ledgerAccount, storageAccount } from './settings.ts';
import type { Secrets } from './state.ts';
import type { ComponentSpec } from './supervise.ts';

export const componentNames = [
  'azurite',
  'event-hubs',
  'database-one',
  'database-two',
  'identity',
  'functions',
] as const;
export type ComponentName = (typeof componentNames)[number];

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

/** The components that the functions need; they start side by side. */
export const platformComponents = ({ stateDir, ports, secrets }: Given) =>
  ({
    azurite: {
      name: 'azurite',
      script: 'infra/local/azurite/main.ts',
      arguments: ['--data', `${stateDir}/azurite`, '--port', String(ports.blob)],
      environment: {
        AZURITE_ACCOUNTS: `${storageAccount}:${secrets.storageKey};${ledgerAccount}:${secrets.ledgerStorageKey}`,
      },
    },
    'event-hubs': {
      name: 'event-hubs',
      script: 'infra/local/event-hubs/main.ts',
      arguments: [
        ...['--data', `${stateDir}/event-hubs`, '--key-file', writeKeyFile(stateDir, secrets.eventHubsKey)],
        ...['--amqp-port', String(ports.amqp), '--kafka-port', String(ports.kafka)],
        ...['--issuer', `http://localhost:${ports.identity}`],
      ],
      environment: { DARKROOM_CLOCK_OFFSET_FILE: clockOffsetFile(stateDir) },
    },
    identity: {
      name: 'identity',
      script: 'infra/local/identity/main.ts',
      arguments: ['--data', `${stateDir}/identity`, '--port', String(ports.identity)],
    },
  }) as const satisfies Partial<Record<ComponentName, ComponentSpec>>;

export const databasePorts = (ports: Ports): Readonly<Record<Slot, number>> => ({
  one: ports.database,
  two: ports.replica,
});

/** A server of the database; with a replica it knows its peer. */
export const databaseComponent = (
  slot: Slot,
  { stateDir, ports, hasReplica }: { stateDir: string; ports: Ports; hasReplica: boolean },
): ComponentSpec & { readonly name: `database-${Slot}` } => {
  const port = databasePorts(ports);
  const peer = ['--peer-port', String(port[peerOf(slot)])];
  return {
    name: `database-${slot}`,
    script: 'infra/local/postgres/main.ts',
    arguments: [
      ...['--state', stateDir, '--slot', slot, '--port', String(port[slot]), '--sample-orders'],
      ...(hasReplica ? peer : []),
    ],
    patience: 120_000,
  };
};

/** The servers to start, the primary first. */
export function databaseSlots(stateDir: string, hasReplica: boolean): readonly Slot[] {
  const primary = primaryOf(postgresFolder(stateDir));
  return hasReplica ? [primary, ...slots.filter((slot) => slot !== primary)] : [primary];
}

/** Where the host's keys are, in the form that the real host keeps them in. */
function writeHostKeys(stateDir: string, value: string): string {
  const file = `${stateDir}/host-keys.json`;
  const keys = { masterKey: { name: 'master', value, encrypted: false }, functionKeys: [] };
  writeFileSync(file, JSON.stringify(keys), { mode: 0o600 });
  return file;
}

/** The functions host, which starts when the others are ready. */
export const functionsComponent = (
  { stateDir, ports, secrets, outdir = 'dist' }: Given & { readonly outdir?: string | undefined },
  settings: Readonly<Record<string, string>>,
): ComponentSpec => ({
  name: 'functions',
  script: 'infra/local/functions-host/main.ts',
  arguments: [
    ...['--bundle', `${outdir}/main.cjs`, '--host-json', 'host.json', '--port', String(ports.api)],
    ...['--keys', writeHostKeys(stateDir, secrets.hostMasterKey)],
  ],
  environment: settings,
  // What runs may come to its end; then the supervisor's own limit.
  stopPatience: 40_000,
});
