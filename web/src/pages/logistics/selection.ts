import type { Order } from '../../../../client/api-types.ts';

/** Orders as they were on the screen when they were chosen. They stay chosen whatever the list shows. */
export type Selection = ReadonlyMap<number, ChosenOrder>;

export interface ChosenOrder {
  readonly orderId: number;
  readonly number: string;
  readonly rowVersion: number;
  readonly totalWeight: string;
}

const chosen = ({ orderId, number, rowVersion, totalWeight }: Order): ChosenOrder => ({
  ...{ orderId, number, rowVersion, totalWeight },
});

export function choose(selection: Selection, orders: readonly Order[], on: boolean): Selection {
  const next = new Map(selection);
  for (const order of orders) {
    if (on) next.set(order.orderId, next.get(order.orderId) ?? chosen(order));
    else next.delete(order.orderId);
  }
  return next;
}

export function without(selection: Selection, orderIds: Iterable<number>): Selection {
  const next = new Map(selection);
  for (const orderId of orderIds) next.delete(orderId);
  return next;
}

/**
 * After a refusal the person looks at the order again, so what is on the screen now is what counts from then on. Others
 * keep the version in which they were chosen.
 */
export function lookedAtAgain(
  selection: Selection,
  shown: readonly Order[],
  refused: ReadonlySet<number>,
): Selection {
  const again = shown.filter(({ orderId }) => selection.has(orderId) && refused.has(orderId));
  return again.length === 0
    ? selection
    : new Map([...selection, ...again.map((order) => [order.orderId, chosen(order)] as const)]);
}

/** How many are chosen that the list does not show. */
export const hiddenCount = (selection: Selection, shown: readonly Order[]): number => {
  const inSight = new Set(shown.map(({ orderId }) => orderId));
  return [...selection.keys()].filter((orderId) => !inSight.has(orderId)).length;
};

/** State of the checkbox over all rows. */
export function allState(selection: Selection, shown: readonly Order[]): 'all' | 'some' | 'none' {
  const count = shown.filter(({ orderId }) => selection.has(orderId)).length;
  if (count === 0) return 'none';
  return count === shown.length ? 'all' : 'some';
}
