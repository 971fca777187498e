import type { ViewRow } from '../../shared/database/catalog/index.ts';
import type { OrderStatus } from '../../shared/database/catalog/desks.ts';
import type { OrderView } from './schemas.ts';

export type OrderRow = ViewRow<'logistics', 'orders'>;

/** Order numbers are ids with leading zeros: what a slip shows and a scanner reads. */
const orderNumber = (orderId: number): string => String(orderId).padStart(8, '0');

export const orderView = (row: OrderRow): OrderView => ({
  orderId: row.order_id,
  number: orderNumber(row.order_id),
  status: row.status as OrderStatus,
  placedAt: row.placed_at.toISOString(),
  placedDay: row.placed_day,
  completedAt: row.completed_at?.toISOString() ?? null,
  completedBy: row.completed_by,
  cancelledAt: row.cancelled_at?.toISOString() ?? null,
  lines: row.lines,
  items: row.quantity,
  totalWeight: row.total_weight,
  totalPrice: row.total_price,
  rowVersion: row.row_version,
});

export const dailyView = (row: ViewRow<'logistics', 'daily'>) => ({
  day: row.day,
  orders: row.orders,
  pending: row.pending,
  completed: row.completed,
  cancelled: row.cancelled,
  totalWeight: row.total_weight,
  totalPrice: row.total_price,
});
