import { z } from 'zod';
import { orderStatuses } from '../../shared/database/catalog/desks.ts';
import { asOf, dayRange, dayText, numericId, paging } from '../../shared/orders/schemas.ts';
import { defineRoute } from '../../shared/platform/http/define-route.ts';
import { completion, dayTotals, orderDetailView, orderView } from './schemas.ts';

const id = z.object({ id: numericId });
const shared = { roles: ['Logistics'] } as const;

export const listOrdersRoute = defineRoute({
  ...shared,
  name: 'listOrders',
  method: 'GET',
  path: '/logistics/orders',
  summary: 'Orders of a day, unfulfilled ones unless told, with their weights',
  query: z.object({
    ...paging,
    status: z.enum([...orderStatuses, 'all']).default('pending'),
    day: z
      .union([dayText, z.literal('all')])
      .optional()
      .describe('Today (UTC) unless told; `all` for every day'),
    sort: z.enum(['placed', 'weight']).default('placed').describe('Oldest first, or heaviest first'),
  }),
  responses: {
    200: {
      description: 'A page of orders; `totals` are of the whole day',
      schema: z
        .object({
          orders: z.array(orderView),
          next: z.string().nullable(),
          totals: dayTotals.nullable(),
          asOf,
        })
        .meta({ id: 'OrderPage' }),
    },
  },
});

export const getOrderRoute = defineRoute({
  ...shared,
  name: 'getOrder',
  method: 'GET',
  path: '/logistics/orders/{id}',
  summary: 'An order with what is in it and what each line weighs',
  parameters: id,
  responses: {
    200: { description: 'The order', schema: orderDetailView },
    404: { description: 'No such order' },
  },
});

export const completeOrderRoute = defineRoute({
  ...shared,
  name: 'completeOrder',
  method: 'POST',
  path: '/logistics/orders/{id}/complete',
  summary: 'Mark an order completed; again changes nothing. If-Match keeps one that changed since you saw it',
  parameters: id,
  requestHeaders: { 'if-match': 'The etag of the order as you saw it' },
  responses: {
    200: { description: 'The completed order', schema: orderView },
    404: { description: 'No such order' },
    409: { description: 'It is cancelled' },
    412: { description: 'It changed since you saw it' },
  },
});

export const completeOrdersRoute = defineRoute({
  ...shared,
  name: 'completeOrders',
  method: 'POST',
  path: '/logistics/orders/complete',
  summary: 'Mark several orders completed, each in the version that was seen, and answer for each',
  body: z.object({
    orders: z
      .array(z.object({ orderId: z.int().positive(), rowVersion: z.int().nonnegative() }))
      .min(1)
      .max(500),
  }),
  responses: {
    200: {
      description: 'One result an order, in the order of the request',
      schema: z.object({
        results: z.array(completion),
        asOf,
      }),
    },
  },
});

export const reopenOrderRoute = defineRoute({
  name: 'reopenOrder',
  method: 'POST',
  path: '/logistics/orders/{id}/reopen',
  summary: 'Take back a completion, with a reason; a right of its own',
  roles: ['LogisticsLead'],
  parameters: id,
  body: z.object({ rowVersion: z.int().nonnegative(), reason: z.string().trim().min(3).max(500) }),
  responses: {
    200: { description: 'The order, pending again', schema: orderView },
    409: { description: 'It is not completed' },
    412: { description: 'It changed since you saw it' },
  },
});

export const dailyRoute = defineRoute({
  ...shared,
  name: 'dailyOrders',
  method: 'GET',
  path: '/logistics/daily',
  summary: 'Orders, weight and price of each day, by the day they were placed on',
  query: z.object(dayRange),
  responses: {
    200: {
      description: 'A row for each day that had orders',
      schema: z.object({ days: z.array(dayTotals), asOf }),
    },
  },
});
