import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Order } from '../../../../client/api-types.ts';
import { formatCount, formatWeight, plural } from '../../ui/format.ts';
import { Badge } from '../../ui/states.tsx';
import { Time } from '../../ui/time.tsx';
import { OrderBadge } from './order-badge.tsx';
import { doubleTapPeriod, onItsWay, undoPeriod, type Outbox } from './outbox-state.ts';
import { allState, type Selection } from './selection.ts';

interface TableProps {
  readonly orders: readonly Order[];
  readonly selection: Selection;
  readonly outbox: Outbox;
  readonly now: number;
  readonly label: string;
  readonly onSelect: (orders: readonly Order[], on: boolean) => void;
  readonly onOpen: (order: Order) => void;
  readonly onCheckOff: (order: Order) => void;
  readonly onUndo: (key: string) => void;
}

function SelectAll({ orders, selection, onSelect }: Pick<TableProps, 'orders' | 'selection' | 'onSelect'>) {
  const box = useRef<HTMLInputElement>(null);
  const state = allState(selection, orders);
  useLayoutEffect(() => {
    if (box.current) box.current.indeterminate = state === 'some';
  });
  return (
    <label class="tick">
      <input
        ref={box}
        type="checkbox"
        checked={state === 'all'}
        disabled={orders.length === 0}
        aria-label="Select all orders shown"
        onChange={(event) => onSelect(orders, event.currentTarget.checked)}
      />
    </label>
  );
}

type RowProps = Omit<TableProps, 'orders' | 'label'> & { readonly order: Order };

function State({ order, outbox, now, onCheckOff, onUndo }: RowProps) {
  const way = onItsWay(outbox, order.orderId, now);
  if (way?.kind === 'held') {
    return (
      <button
        class="button large"
        aria-label={`Undo the check-off of order ${order.number}`}
        onClick={() => {
          // "Undo" stands where "Check off" stood: the second half of a double tap is not meant for it.
          if (Date.now() > way.until - undoPeriod + doubleTapPeriod) onUndo(way.key);
        }}
      >
        Undo ({Math.ceil((way.until - now) / 1000)} s)
      </button>
    );
  }
  if (way) return <Badge tone="warn">Pending</Badge>;
  const said = outbox.outcomes.find(({ orderId }) => orderId === order.orderId);
  if (said && said.outcome !== 'refused') return <OrderBadge status="completed" />;
  if (order.status !== 'pending') return <OrderBadge status={order.status} />;
  return (
    <span class="row-state">
      {said && <Badge tone="bad">Refused</Badge>}
      <button
        class="button large"
        aria-label={`Check off order ${order.number}`}
        onClick={() => onCheckOff(order)}
      >
        Check off
      </button>
    </span>
  );
}

/** To be packed, and neither on its way nor done since the list was read. */
const isSelectable = ({ orderId, status }: Order, outbox: Outbox, now: number): boolean =>
  status === 'pending' &&
  onItsWay(outbox, orderId, now) === undefined &&
  !outbox.outcomes.some((said) => said.orderId === orderId && said.outcome !== 'refused');

function Row(props: RowProps) {
  const { order, selection, outbox, now, onSelect, onOpen } = props;
  const selectable = isSelectable(order, outbox, now);
  return (
    <tr data-order={order.orderId} class={selection.has(order.orderId) ? 'selected' : ''}>
      <td class="tick-cell">
        <label class="tick">
          <input
            type="checkbox"
            checked={selection.has(order.orderId)}
            disabled={!selectable && !selection.has(order.orderId)}
            aria-label={`Select order ${order.number}`}
            onChange={(event) => onSelect([order], event.currentTarget.checked)}
          />
        </label>
      </td>
      <th scope="row">
        <button class="order-number" onClick={() => onOpen(order)}>
          {order.number}
        </button>
        <small class="order-brief dim">
          <strong>{formatWeight(order.totalWeight)}</strong>, {plural(order.items, 'item', 'items')}
        </small>
      </th>
      <td class="number weight" data-label="Weight">
        {formatWeight(order.totalWeight)}
      </td>
      <td class="number" data-label="Items">
        {formatCount(order.items)}
      </td>
      <td data-label="Placed">
        <Time at={order.placedAt} clock />
      </td>
      <td class="state-cell">
        <State {...props} />
      </td>
    </tr>
  );
}

/** The orders to pack: a native table, so that every reader and every finger knows how it works. */
export function OrdersTable(props: TableProps) {
  const { orders, selection, outbox, now, onSelect } = props;
  const selectable = orders.filter((order) => isSelectable(order, outbox, now));
  return (
    <table class="orders">
      <caption class="visually-hidden">{props.label}</caption>
      <thead>
        <tr>
          <th scope="col" class="tick-cell">
            <SelectAll orders={selectable} selection={selection} onSelect={onSelect} />
          </th>
          <th scope="col">Order</th>
          <th scope="col" class="number">
            Weight
          </th>
          <th scope="col" class="number">
            Items
          </th>
          <th scope="col">Placed</th>
          <th scope="col">
            <span class="visually-hidden">State</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {orders.map((order) => (
          <Row key={order.orderId} {...props} order={order} />
        ))}
      </tbody>
    </table>
  );
}
