import { consumerGroups, hubs } from '../../shared/stream/hubs.ts';

/** What the official Event Hubs emulator reads (infra/local/event-hubs-emulator.json): our hubs and their readers. */
export const emulatorConfig = {
  UserConfig: {
    NamespaceConfig: [
      {
        Type: 'EventHub',
        Name: 'emulatorNs1',
        Entities: Object.values(hubs).map((hub) => ({
          Name: hub,
          PartitionCount: hub === hubs.deadLetter ? '1' : '4',
          ConsumerGroups: [{ Name: consumerGroups[hub] }],
        })),
      },
    ],
    LoggingConfig: { Type: 'File' },
  },
} as const;
