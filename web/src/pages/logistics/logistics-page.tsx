import { useLocation } from 'preact-iso';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Order, OrderPage } from '../../../../client/api-types.ts';
import { session, type Person } from '../../session/session.ts';
import { announce, toast } from '../../ui/announce.tsx';
import { sumDecimals } from '../../ui/decimal.ts';
import { formatCount, formatDay, formatWeight, isDay, plural, today } from '../../ui/format.ts';
import { Foot } from '../../ui/foot.tsx';
import { BoxIcon } from '../../ui/icons.tsx';
import { Page } from '../../ui/page.tsx';
import { AsOf, Empty, Failure, Loading } from '../../ui/states.tsx';
import { Tile } from '../../ui/tile.tsx';
import { useNow } from '../../ui/time.tsx';
import { useOnline } from '../../ui/use-online.ts';
import { Daily, spans } from './daily.tsx';
import './logistics.css';
import { OrderDialog } from './order-dialog.tsx';
import { OrdersTable } from './orders-table.tsx';
import { onItsWay, undoPeriod, type CheckedOrder, type Outbox, type Outcome } from './outbox-state.ts';
import { outboxOf } from './outbox.ts';
import { Outcomes, Waiting } from './outcomes.tsx';
import { choose, hiddenCount, lookedAtAgain, without, type Selection } from './selection.ts';
import { doneHere, steady } from './steady-rows.ts';
import { statuses, Toolbar, type View } from './toolbar.tsx';
import { useOrders } from './use-orders.ts';
import { useScanner } from './use-scanner.ts';

function viewOf(query: Readonly<Record<string, string>>): View {
  return {
    day: isDay(query['day']) ? query['day'] : today(),
    status: statuses.find(([status]) => status === query['status'])?.[0] ?? 'pending',
    sort: query['sort'] === 'placed' ? 'placed' : 'weight',
    span: spans.find(([span]) => span === query['days'])?.[0] ?? spans[0][0],
  };
}

/** A day of which the service has no totals had no orders. */
const noOrders = { pending: 0, completed: 0, orders: 0, totalWeight: '0' } as const;

function emptyText({ status }: View, find: string, ordersOfTheDay: number): string {
  if (find !== '') return 'No order here has this number';
  if (ordersOfTheDay === 0) return 'No orders on this day';
  return status === 'pending' ? 'Every order of this day is packed' : 'Nothing to show';
}

function outcomeText(said: readonly Outcome[]): string {
  const count = (outcome: Outcome['outcome']) => said.filter((one) => one.outcome === outcome).length;
  const parts = [
    [count('done'), 'saved'],
    [count('already-done'), 'already done'],
    [count('refused'), 'refused'],
  ] as const;
  return `Check-off: ${parts
    .filter(([n]) => n > 0)
    .map(([n, text]) => `${n} ${text}`)
    .join(', ')}.`;
}

const NoConnection = () => (
  <div class="notice warn" role="status">
    <div>
      <strong>No connection</strong>
      <span>
        You can go on checking off: it is kept here as pending and sent when the connection is back.
      </span>
    </div>
  </div>
);

interface BarProps {
  readonly selection: Selection;
  readonly hidden: number;
  readonly onClear: () => void;
  readonly onCheckOff: () => void;
}

function SelectionBar({ selection, hidden, onClear, onCheckOff }: BarProps) {
  if (selection.size === 0) return null;
  return (
    <section class="selection-bar" aria-label="Selected orders">
      <strong data-testid="selected">
        {selection.size} selected{hidden > 0 && `, ${hidden} hidden`}
      </strong>
      <span class="dim">
        {formatWeight(sumDecimals([...selection.values()].map((one) => one.totalWeight)))}
      </span>
      <button class="button large" onClick={onClear}>
        Clear
      </button>
      <button class="button primary large" onClick={onCheckOff}>
        Check off {selection.size}
      </button>
    </section>
  );
}

/** The rows to show of what was read last; `anew` has the next answer shown as the service sorts it. */
function useSteadyRows(key: string, data: OrderPage | undefined, outbox: Outbox) {
  const held = useRef<{ key: string; data: OrderPage | undefined; rows: readonly Order[] }>({
    ...{ key, data: undefined, rows: [] },
  });
  const asked = useRef(false);
  if (held.current.key !== key || held.current.data !== data) {
    const isAnew = held.current.key !== key || asked.current || data === undefined;
    const read = data?.orders ?? [];
    const rows = isAnew ? read : steady(held.current.rows, read, doneHere(outbox));
    if (data !== undefined) asked.current = false;
    held.current = { key, data, rows };
  }
  return { rows: held.current.rows, anew: () => (asked.current = true) };
}

export default function LogisticsPage({ person }: { person: Person }) {
  const { query, route } = useLocation();
  const view = viewOf(query);
  const setView = ({ day, status, sort, span }: View) =>
    route(`/logistics?day=${day}&status=${status}&sort=${sort}&days=${span}`, true);
  const outbox = outboxOf(person.id);
  const state = outbox.state.value;
  const now = useNow(state.batches.length > 0 ? 250 : 5000);
  const online = useOnline();
  const { data, problem, loading, reload, loadMore } = useOrders(person.id, view);
  const { rows, anew } = useSteadyRows(`${view.day}.${view.status}.${view.sort}`, data, state);
  const [selection, setSelection] = useState<Selection>(new Map());
  const [refused, setRefused] = useState<ReadonlySet<number>>(new Set());
  const [find, setFind] = useState('');
  const [open, setOpen] = useState<{ readonly orderId: number; readonly scans: number }>();
  const [version, setVersion] = useState(0);
  const findInput = useRef<HTMLInputElement>(null);

  useEffect(
    () =>
      outbox.listen((said) => {
        announce(outcomeText(said));
        const over = said.filter(({ outcome }) => outcome !== 'refused').map(({ orderId }) => orderId);
        setSelection((chosen) => without(chosen, over));
        setRefused(
          new Set(said.filter(({ outcome }) => outcome === 'refused').map(({ orderId }) => orderId)),
        );
        setVersion((n) => n + 1);
        reload();
      }),
    [person.id, reload],
  );
  useEffect(() => {
    if (data && refused.size > 0) setSelection((chosen) => lookedAtAgain(chosen, data.orders, refused));
  }, [data]);

  /** What is on its way stays chosen until the service has answered, but is not sent twice. */
  const ready: Selection = without(
    selection,
    [...selection.keys()].filter((orderId) => onItsWay(state, orderId, now) !== undefined),
  );
  const totals = data && (data.totals ?? noOrders);
  const orders = rows.filter(({ number }) => number.includes(find.trim()));

  const send = (seen: readonly CheckedOrder[]) => {
    const chosen = seen.map(({ orderId, number, rowVersion }) => ({ orderId, number, rowVersion }));
    const key = outbox.add(chosen);
    toast(`${plural(chosen.length, 'order', 'orders')} checked off. Sent in ${undoPeriod / 1000} s.`, {
      action: { label: 'Undo', run: () => takeBack(key) },
      lasts: undoPeriod,
    });
  };
  const takeBack = (key: string) => {
    outbox.undo(key);
    announce('Check-off undone.');
  };
  const openByCode = (code: string, scans: number) => {
    const orderId = Number(code.trim());
    if (!Number.isSafeInteger(orderId) || orderId <= 0) return;
    setFind('');
    setOpen((now) => ({ orderId, scans: now?.orderId === orderId ? now.scans + scans : scans }));
  };
  useScanner((code) => openByCode(code, 1));
  /** What the list shows for it, else the order of that number of any day. */
  const jump = (code: string) => {
    const shown = rows.filter(({ number }) => number.includes(code.trim()));
    const exact = shown.filter(({ orderId }) => orderId === Number(code));
    const [one, more] = exact.length === 1 ? exact : shown;
    if (code.trim() !== '' && more)
      toast(`${plural(shown.length, 'order', 'orders')} here match; type more digits.`);
    else openByCode(one?.number ?? code, 0);
  };

  return (
    <Page
      title="Packing"
      lead={formatDay(view.day, 'long')}
      aside={
        <AsOf
          at={data?.asOf}
          problem={problem}
          loading={loading}
          onRefresh={() => {
            anew();
            reload();
          }}
        />
      }
    >
      <div class="tiles" data-testid="totals">
        <Tile label="To pack">{totals ? formatCount(totals.pending) : '–'}</Tile>
        <Tile label="Done">{totals ? formatCount(totals.completed) : '–'}</Tile>
        <Tile label="Orders of the day">{totals ? formatCount(totals.orders) : '–'}</Tile>
        <Tile label="Weight of the day">{totals ? formatWeight(totals.totalWeight) : '–'}</Tile>
      </div>
      <section class="card packing" aria-label="Orders">
        <header>
          <Toolbar
            view={view}
            onView={setView}
            find={find}
            onFind={setFind}
            onJump={jump}
            findRef={findInput}
          />
        </header>
        {problem && !data && (
          <div class="card-body">
            <Failure problem={problem} onRetry={reload} />
          </div>
        )}
        {!data && !problem && <Loading rows={8} />}
        {data && orders.length === 0 && (
          <Empty icon={<BoxIcon />} title={emptyText(view, find, totals?.orders ?? 0)}>
            {find !== '' && 'Press Enter to look for it on every day.'}
          </Empty>
        )}
        {orders.length > 0 && (
          <OrdersTable
            label={`Orders of ${formatDay(view.day)}`}
            orders={orders}
            selection={selection}
            outbox={state}
            now={now}
            onSelect={(some, on) => setSelection((chosen) => choose(chosen, some, on))}
            onOpen={({ orderId }) => setOpen({ orderId, scans: 0 })}
            onCheckOff={(order) => send([order])}
            onUndo={takeBack}
          />
        )}
        {data?.next !== null && data !== undefined && (
          <div class="more">
            <button class="button large" onClick={() => void loadMore()}>
              Show more
            </button>
            <span class="dim">{plural(data.orders.length, 'order', 'orders')} shown, there are more</span>
          </div>
        )}
      </section>
      <Daily
        day={view.day}
        span={view.span}
        version={version}
        hidden={!data && !problem}
        onDay={(day) => setView({ ...view, day })}
        onSpan={(span) => setView({ ...view, span })}
      />
      <Foot name="tray">
        {!online && <NoConnection />}
        <Waiting
          batches={state.batches}
          why={!online ? 'connection' : session.value.state === 'ended' ? 'session' : 'service'}
        />
        <Outcomes outcomes={state.outcomes} person={person} onDismiss={() => outbox.dismiss()} />
        <SelectionBar
          selection={ready}
          hidden={hiddenCount(ready, orders)}
          onClear={() => setSelection(new Map())}
          onCheckOff={() => send([...ready.values()])}
        />
      </Foot>
      {open !== undefined && (
        <OrderDialog
          key={open.orderId}
          orderId={open.orderId}
          scans={open.scans}
          day={view.day}
          person={person}
          onItsWay={onItsWay(state, open.orderId, now) !== undefined}
          onCheckOff={(order: Order) => {
            setOpen(undefined);
            send([order]);
          }}
          onChanged={() => {
            setVersion((n) => n + 1);
            reload();
          }}
          onClose={() => setOpen(undefined)}
        />
      )}
    </Page>
  );
}
