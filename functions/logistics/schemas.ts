import { z } from 'zod';
import { orderStatuses } from '../../shared/database/catalog/desks.ts';
import { dayText, instant, money, weight } from '../../shared/orders/schemas.ts';

const orderStatus = z.enum(orderStatuses).meta({ id: 'OrderStatus' });

export const orderView = z
  .object({
    orderId: z.int(),
    number: z.string().describe('As it is printed on the packing slip'),
    status: orderStatus,
    placedAt: instant,
    placedDay: dayText,
    completedAt: instant.nullable(),
    completedBy: z.string().nullable(),
    cancelledAt: instant.nullable(),
    lines: z.int(),
    items: z.int(),
    totalWeight: weight,
    totalPrice: money,
    rowVersion: z.int().describe('Rises with each change: say it when you complete the order'),
  })
  .meta({ id: 'Order' });

const orderLine = z
  .object({
    line: z.int(),
    productId: z.int(),
    name: z.string(),
    manufacturer: z.string(),
    quantity: z.int(),
    unitWeight: weight,
    weight,
    unitPrice: money,
    price: money,
  })
  .meta({ id: 'OrderLine' });

export const orderDetailView = orderView
  .extend({ orderLines: z.array(orderLine) })
  .meta({ id: 'OrderDetail' });

export const dayTotals = z
  .object({
    day: dayText,
    orders: z.int(),
    pending: z.int(),
    completed: z.int(),
    cancelled: z.int(),
    totalWeight: weight,
    totalPrice: money,
  })
  .meta({ id: 'DayTotals' });

export type OrderView = z.infer<typeof orderView>;

export const completion = z
  .object({
    orderId: z.int(),
    outcome: z.enum(['done', 'already-done', 'refused']),
    reason: z.enum(['not-found', 'cancelled', 'changed']).nullable(),
    completedAt: instant.nullable(),
    completedBy: z.string().nullable(),
    rowVersion: z.int().nullable(),
  })
  .meta({ id: 'Completion' });
