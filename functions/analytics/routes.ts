import { z } from 'zod';
import { memberships, memberStatuses } from '../../shared/database/catalog/desks.ts';
import { asOf, dayRange, dayText, money, weight } from '../../shared/orders/schemas.ts';
import { defineRoute } from '../../shared/platform/http/define-route.ts';
import { imageSource } from '../schemas.ts';

const shared = { method: 'GET', roles: ['Analytics'] } as const;
const range = z.object({ from: dayText, to: dayText }).meta({ id: 'DayRange' });
const source = z
  .object({
    kind: z.enum(['primary', 'replica']),
    lagSeconds: z.number().nullable().describe('How far a replica is behind; null when it cannot be told'),
    isConnected: z.boolean().describe('Whether a replica hears from its primary'),
  })
  .describe('Who answered')
  .meta({ id: 'FigureSource' });
const salesBy = z
  .enum(['day', 'week', 'month', 'product', 'membership'])
  .describe(
    'The key of a week is its Monday, of a month `YYYY-MM`; the first and the last may be cut by the range',
  )
  .meta({ id: 'SalesBy' });
const sums = z
  .object({ orders: z.int(), quantity: z.int(), totalPrice: money, totalWeight: weight })
  .meta({ id: 'SalesSums' });
const salesRow = sums.extend({ key: z.string(), label: z.string() }).meta({ id: 'SalesRow' });
const membershipRow = z
  .object({
    day: dayText,
    membership: z.enum(memberships),
    status: z.enum(memberStatuses),
    members: z.int(),
    change: z.int(),
  })
  .meta({ id: 'MembershipRow' });
const imagesRow = z
  .object({
    day: dayText,
    source: imageSource,
    images: z.int(),
    processed: z.int(),
    rejected: z.int(),
    failed: z.int(),
    bytes: z.int(),
  })
  .meta({ id: 'ImagesRow' });

export const salesRoute = defineRoute({
  ...shared,
  name: 'analyseSales',
  path: '/analytics/sales',
  summary:
    'Sales of a range of days, by day, week, month, product or membership; cancelled orders are not in the sums',
  query: z.object({ ...dayRange, by: salesBy.default('day') }),
  responses: {
    200: {
      description: 'Rows, and totals over the whole range (an order with several products counts once)',
      schema: z
        .object({
          by: salesBy,
          range,
          rows: z.array(salesRow),
          totals: sums,
          asOf,
          source,
        })
        .meta({ id: 'SalesAnswer' }),
    },
  },
});

export const membershipRoute = defineRoute({
  ...shared,
  name: 'analyseMembership',
  path: '/analytics/membership',
  summary: 'Members at the end of each day by membership and status, and the day’s change',
  query: z.object(dayRange),
  responses: {
    200: {
      description: 'A row for each day, membership and status',
      schema: z.object({ range, rows: z.array(membershipRow), asOf, source }),
    },
  },
});

export const imagesRoute = defineRoute({
  ...shared,
  name: 'analyseImages',
  path: '/analytics/images',
  summary: 'Images by day and source; the counts stay when the images are erased',
  query: z.object(dayRange),
  responses: {
    200: {
      description: 'A row for each day and source',
      schema: z.object({ range, rows: z.array(imagesRow), asOf, source }),
    },
  },
});
