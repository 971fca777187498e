import { z } from 'zod';
import { count, engineering, instant } from './common.ts';
import { defineRoute } from '../../../shared/platform/http/define-route.ts';

const lagStates = ['current', 'behind', 'no-consumer', 'not-measurable'] as const;

const lag = {
  state: z.enum(lagStates),
  events: count.nullable().describe('How many wait; null when it cannot be measured'),
  seconds: count.nullable().describe('How long the oldest of them has waited'),
};

export const streamRoute = defineRoute({
  name: 'streamState',
  method: 'GET',
  path: '/operations/stream',
  summary: 'How far behind each reader of each hub is, by partition, and how fast it goes',
  roles: engineering,
  responses: {
    200: {
      description: 'The hubs and their readers',
      schema: z.object({
        asOf: instant,
        groups: z.array(
          z.object({
            hub: z.string(),
            consumerGroup: z.string(),
            ...lag,
            throughput: z
              .object({ inPerSecond: z.number(), settledPerSecond: z.number() })
              .nullable()
              .describe('Since this was last asked; null the first time'),
            partitions: z.array(
              z.object({
                partition: z.string(),
                ...lag,
                expired: count.describe('Let go of by the hub before they were settled'),
                lastSequenceNumber: z.int(),
                checkpoint: z.int().nullable(),
                checkpointAt: instant.nullable(),
              }),
            ),
          }),
        ),
      }),
    },
  },
});
