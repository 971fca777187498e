import type { Order } from '../../../../client/api-types.ts';
import type { Outbox } from './outbox-state.ts';

/** Orders that this browser checked off, as the service has said. */
export const doneHere = ({ outcomes }: Outbox): ReadonlySet<number> =>
  new Set(outcomes.filter(({ outcome }) => outcome !== 'refused').map(({ orderId }) => orderId));

/**
 * The rows after a list was read again by itself: each stays where it is, so that no row moves under a finger. What was
 * checked off here stays too, as done; what is new comes last, until somebody asks for the list anew.
 */
export function steady(
  shown: readonly Order[],
  read: readonly Order[],
  done: ReadonlySet<number>,
): readonly Order[] {
  const fresh = new Map(read.map((order) => [order.orderId, order]));
  const kept = shown.flatMap((order) => {
    const again = fresh.get(order.orderId);
    fresh.delete(order.orderId);
    if (again) return [again];
    return done.has(order.orderId) ? [{ ...order, status: 'completed' as const }] : [];
  });
  return [...kept, ...fresh.values()];
}
