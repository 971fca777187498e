/** Names that producers, functions, the ARM template and the local stack agree on. */
export const hubs = {
  stream: 'image-stream',
  processing: 'image-processing',
  /** Images that are slow by their header, and those of owners who send very many. */
  slow: 'image-processing-slow',
  reprocessing: 'image-reprocessing',
  deadLetter: 'image-dead-letter',
  /** What became of images that came by Kafka, for the applications that sent them. */
  outcomes: 'image-outcomes',
} as const;

export type Hub = (typeof hubs)[keyof typeof hubs];

/** Who reads a hub: one consumer group a service, beside the built-in $Default. */
export const consumerGroups = {
  [hubs.stream]: 'stream',
  [hubs.processing]: 'processing',
  [hubs.slow]: 'processing',
  [hubs.reprocessing]: 'processing',
  [hubs.deadLetter]: 'operations',
  /** The applications that send images; Kafka clients name a group of their own. */
  [hubs.outcomes]: 'producers',
} as const satisfies Record<Hub, string>;

/** Hubs that functions of ours read. */
export type ReadHub = Exclude<Hub, typeof hubs.outcomes>;
export const readHubs = Object.values(hubs).filter((hub): hub is ReadHub => hub !== hubs.outcomes);

/** Hours that a hub keeps an event; with them no copy of an image passes day 7. */
export const retentionHours = {
  [hubs.stream]: 24,
  [hubs.processing]: 24,
  [hubs.slow]: 24,
  [hubs.reprocessing]: 24,
  [hubs.deadLetter]: 144,
  [hubs.outcomes]: 24,
} as const satisfies Record<Hub, number>;

/** Partitions of a hub where a stage has so many of each: dead letters come one at a time, and in their order. */
export const partitionsOf = <T>(hub: Hub, ofStage: T): T | 1 => (hub === hubs.deadLetter ? 1 : ofStage);

/** Standard is the first tier that speaks Kafka; units of throughput are added by themselves, up to what a stage allows. */
export const hubTier = { tier: 'Standard', minimumUnits: 1 } as const;

/** The app setting (or prefix of settings, `…__fullyQualifiedNamespace`) that triggers and outputs name. */
export const eventHubsConnection = 'DARKROOM_EVENT_HUBS';

/** An Event Hubs event or batch, all overhead included, on Standard. Bytes. */
export const maxEventBytes = 1_048_576;

/**
 * Where Event Hubs puts the key of a Kafka record (bytes) in an event's `systemProperties`: it is not made the partition
 * key, which only events that were sent over AMQP have (decision 011).
 */
export const kafkaKeyProperty = 'x-opt-kafka-key';
