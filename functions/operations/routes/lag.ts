import { z } from 'zod';
import { readHubs } from '../../../shared/stream/hubs.ts';
import { markKinds } from '../../../shared/operations/lag/lag-marks.ts';
import { trendStates } from '../../../shared/operations/lag/lag-trend.ts';
import { defineRoute } from '../../../shared/platform/http/define-route.ts';
import { count, engineering, instant } from './common.ts';

const rate = z.number().nonnegative().nullable();

const point = z
  .object({
    at: instant,
    events: count.nullable().describe('How many wait; null when it could not be measured'),
    seconds: z.number().nonnegative().nullable().describe('How long the oldest of them has waited'),
    inPerSecond: rate.describe('What came since the point before; null after a gap'),
    outPerSecond: rate.describe('What was read; without what expired unread'),
  })
  .meta({ id: 'LagPoint' });

const trend = z
  .object({
    state: z
      .enum(trendStates)
      .describe('`unknown`: too few points of late; `expiring`: it falls, because events expire unread'),
    eventsPerMinute: z.number().nullable().describe('Slope of the lag over the last ten minutes'),
    drainSeconds: count
      .nullable()
      .describe('Until nothing waits, if it goes on like this; only when it falls'),
    inPerSecond: rate,
    outPerSecond: rate,
  })
  .meta({ id: 'LagTrend' });

const mark = z
  .object({
    at: instant,
    kind: z.enum(markKinds),
    hub: z.string().nullable().describe('Whose reader; null for a host'),
    services: z.string().nullable().describe('What the host runs; null for a reader'),
    version: z.string().nullable().describe('Digest of the package that the host runs'),
    count: count.describe('How often within five minutes: instances of a host, partitions of a hub'),
  })
  .meta({ id: 'LagMark' });

const hubLag = z
  .object({ hub: z.string(), consumerGroup: z.string(), trend, points: z.array(point) })
  .meta({ id: 'HubLag' });

export const lagHistoryRoute = defineRoute({
  name: 'lagHistory',
  method: 'GET',
  path: '/operations/lag',
  summary: 'Lag and throughput of the last minutes, where they are heading, and what was done meanwhile',
  roles: engineering,
  query: z.object({
    hub: z.enum(readHubs).optional().describe('All of them when it is left out'),
    minutes: z.coerce.number().int().min(15).max(1_440).default(1_440),
  }),
  responses: {
    200: {
      description:
        'Points a minute apart; where they are further apart, nothing is known of the time between',
      schema: z
        .object({
          asOf: instant,
          from: instant,
          everySeconds: count,
          hubs: z.array(hubLag),
          marks: z.array(mark).describe('Deployments, starts of hosts, and what was done to readers'),
          isComplete: z.boolean().describe('false: what was done to readers could not be read'),
        })
        .meta({ id: 'LagHistory' }),
    },
  },
});

const kept = z.object({
  events: count,
  bytes: count.nullable().describe('By the offsets, about; null when they do not tell'),
  oldestAt: instant.nullable(),
});

const hubSettings = z
  .object({
    hub: z.string(),
    consumerGroup: z.string(),
    problem: z.enum(['missing', 'not-reached']).nullable().describe('Why nothing is known of it as it is'),
    createdAt: instant.nullable(),
    partitions: z.object({
      actual: count.nullable(),
      template: count.nullable().describe('null: this environment was not told'),
      differs: z.boolean(),
    }),
    kept: kept.nullable().describe('What the hub holds now'),
    retentionHours: count.describe('By the template; asking Azure would need a right on its management'),
    largestEventBytes: count.describe('By the template'),
  })
  .meta({ id: 'HubSettings' });

export const hubSettingsRoute = defineRoute({
  name: 'hubSettings',
  method: 'GET',
  path: '/operations/hubs',
  summary: 'Settings of the hubs as they are, and as the template says',
  roles: engineering,
  responses: {
    200: {
      description: 'The hubs and their namespace',
      schema: z
        .object({
          asOf: instant,
          hubs: z.array(hubSettings),
          namespace: z
            .object({
              tier: z.string(),
              minimumUnits: count,
              maximumUnits: count.nullable().describe('null: this environment has no throughput units'),
            })
            .describe('By the template'),
        })
        .meta({ id: 'AllHubSettings' }),
    },
  },
});
