import { z } from 'zod';
import { count, instant, engineering } from './common.ts';
import { defineRoute } from '../../../shared/platform/http/define-route.ts';

const lagStates = ['current', 'behind', 'no-consumer', 'not-measurable'] as const;

const lag = z.object({
  state: z.enum(lagStates),
  events: count.nullable().describe('How many wait; null when it cannot be measured'),
  seconds: count.nullable().describe('How long the oldest of them has waited'),
});

const partitionLag = lag
  .extend({
    partition: z.string(),
    expired: count.describe('Dropped by the hub before they were settled'),
    lastSequenceNumber: z.int(),
    checkpoint: z.int().nullable(),
    checkpointAt: instant.nullable(),
  })
  .meta({ id: 'PartitionLag' });

const groupLag = lag
  .extend({
    hub: z.string(),
    consumerGroup: z.string(),
    throughput: z
      .object({ inPerSecond: z.number(), settledPerSecond: z.number() })
      .nullable()
      .describe('Since this was last asked; null the first time'),
    partitions: z.array(partitionLag),
  })
  .meta({ id: 'GroupLag' });

export const streamRoute = defineRoute({
  name: 'streamState',
  method: 'GET',
  path: '/operations/stream',
  summary: 'How far behind each reader of each hub is, by partition, and how fast it goes',
  roles: engineering,
  responses: {
    200: {
      description: 'The hubs and their readers',
      schema: z.object({ asOf: instant, groups: z.array(groupLag) }).meta({ id: 'StreamState' }),
    },
  },
});
