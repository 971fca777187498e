import { callJson } from './client.ts';

export const orderStatuses = ['pending', 'completed', 'cancelled'] as const;
export type OrderStatus = (typeof orderStatuses)[number];

export interface Order {
  readonly orderId: number;
  readonly number: string;
  readonly status: OrderStatus;
  readonly placedAt: string;
  readonly placedDay: string;
  readonly completedAt: string | null;
  /** Id of who completed it. */
  readonly completedBy: string | null;
  readonly lines: number;
  readonly items: number;
  readonly totalWeight: string;
  readonly totalPrice: string;
  /** Rises with each change. */
  readonly rowVersion: number;
}

export interface OrderLine {
  readonly line: number;
  readonly productId: number;
  readonly name: string;
  readonly manufacturer: string;
  readonly quantity: number;
  readonly unitWeight: string;
  readonly weight: string;
  readonly unitPrice: string;
  readonly price: string;
}

export interface OrderDetail extends Order {
  readonly orderLines: readonly OrderLine[];
}

export interface DayTotals {
  readonly day: string;
  readonly orders: number;
  readonly pending: number;
  readonly completed: number;
  readonly cancelled: number;
  readonly totalWeight: string;
  readonly totalPrice: string;
}

export interface OrderPage {
  readonly orders: readonly Order[];
  readonly next: string | null;
  readonly totals: DayTotals | null;
  readonly asOf: string;
}

export interface OrderQuery {
  readonly day: string;
  readonly status: OrderStatus | 'all';
  readonly sort: 'weight' | 'placed';
  readonly cursor?: string | undefined;
  readonly limit?: number;
}

export const listOrders = (query: OrderQuery, signal?: AbortSignal): Promise<OrderPage> =>
  callJson('/logistics/orders', { query: { ...query }, signal });

export const getOrder = (orderId: number, signal?: AbortSignal): Promise<OrderDetail> =>
  callJson(`/logistics/orders/${orderId}`, { signal });

/** What was on the screen when somebody checked an order off. */
export interface SeenOrder {
  readonly orderId: number;
  readonly rowVersion: number;
}

export interface CheckOffResult {
  readonly orderId: number;
  readonly outcome: 'done' | 'already-done' | 'refused';
  readonly reason: 'not-found' | 'cancelled' | 'changed' | null;
  readonly completedAt: string | null;
  readonly completedBy: string | null;
  readonly rowVersion: number | null;
}

/** Completes orders in the versions that were seen. The same key again changes nothing more. */
export const completeOrders = (
  orders: readonly SeenOrder[],
  key: string,
): Promise<{ results: readonly CheckOffResult[]; asOf: string }> =>
  callJson('/logistics/orders/complete', {
    method: 'POST',
    json: { orders: orders.map(({ orderId, rowVersion }) => ({ orderId, rowVersion })) },
    headers: { 'idempotency-key': key },
  });

export const reopenOrder = (orderId: number, rowVersion: number, reason: string): Promise<Order> =>
  callJson(`/logistics/orders/${orderId}/reopen`, { method: 'POST', json: { rowVersion, reason } });

export const listDays = (
  range: { from: string; to: string },
  signal?: AbortSignal,
): Promise<{ days: readonly DayTotals[]; asOf: string }> =>
  callJson('/logistics/daily', { query: range, signal });
