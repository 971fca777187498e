/**
 * Check-offs on their way, as plain data: what a person did, what was sent, and what the service said. An order is only
 * ever called done when the service said so.
 */

/** Milliseconds in which a check-off can be undone, before it is sent. */
export const undoPeriod = 6000;

/** Milliseconds after a check-off in which a second tap at the same place is the same tap. */
export const doubleTapPeriod = 700;

export interface CheckedOrder {
  readonly orderId: number;
  readonly number: string;
  /** The version that was on the screen. */
  readonly rowVersion: number;
}

export interface Batch {
  /** Names it in this browser, so that it can be undone. */
  readonly key: string;
  readonly orders: readonly CheckedOrder[];
  /** Until then it can be undone. */
  readonly sendAt: number;
  readonly attempts: number;
}

export interface Outcome {
  readonly orderId: number;
  readonly number: string;
  readonly outcome: 'done' | 'already-done' | 'refused';
  /** Why it was refused: a code of the service or a sentence. */
  readonly reason: string | null;
  readonly completedAt: string | null;
  readonly completedBy: string | null;
}

export interface Outbox {
  readonly batches: readonly Batch[];
  readonly outcomes: readonly Outcome[];
}

export const emptyOutbox: Outbox = { batches: [], outcomes: [] };

/** Where an order stands that is on its way: it may still be undone, or it waits for the service's word. */
export type OnItsWay =
  { readonly kind: 'held'; readonly key: string; readonly until: number } | { readonly kind: 'pending' };

export function onItsWay({ batches }: Outbox, orderId: number, now: number): OnItsWay | undefined {
  const batch = batches.find(({ orders }) => orders.some((order) => order.orderId === orderId));
  if (batch === undefined) return undefined;
  return batch.sendAt > now && batch.attempts === 0
    ? { kind: 'held', key: batch.key, until: batch.sendAt }
    : { kind: 'pending' };
}

/** Takes orders in, without those that are on their way already: a double tap is one check-off. */
export function checkOff(outbox: Outbox, orders: readonly CheckedOrder[], key: string, now: number): Outbox {
  const fresh = orders.filter(({ orderId }) => onItsWay(outbox, orderId, now) === undefined);
  if (fresh.length === 0) return outbox;
  const ids = new Set(fresh.map(({ orderId }) => orderId));
  return {
    batches: [...outbox.batches, { key, orders: fresh, sendAt: now + undoPeriod, attempts: 0 }],
    outcomes: outbox.outcomes.filter(({ orderId }) => !ids.has(orderId)),
  };
}

/** Takes a batch back, while it was not sent. */
export const undo = (outbox: Outbox, key: string): Outbox => ({
  ...outbox,
  batches: outbox.batches.filter((batch) => batch.key !== key || batch.attempts > 0),
});

/** The batches whose time to be undone is over. */
export const due = ({ batches }: Outbox, now: number): readonly Batch[] =>
  batches.filter(({ sendAt }) => sendAt <= now);

export const attempted = (outbox: Outbox, key: string): Outbox => ({
  ...outbox,
  batches: outbox.batches.map((batch) =>
    batch.key === key ? { ...batch, attempts: batch.attempts + 1 } : batch,
  ),
});

/** What the service said of each order of a batch, which is then no longer on its way. */
export function settle(outbox: Outbox, key: string, said: readonly Outcome[]): Outbox {
  const ids = new Set(said.map(({ orderId }) => orderId));
  return {
    batches: outbox.batches.filter((batch) => batch.key !== key),
    outcomes: [...outbox.outcomes.filter(({ orderId }) => !ids.has(orderId)), ...said],
  };
}

export const dismissOutcomes = (outbox: Outbox): Outbox => ({ ...outbox, outcomes: [] });
