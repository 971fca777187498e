import { useEffect, useRef, useState } from 'preact/hooks';
import { asApiError, type ApiError } from '../../../../client/api-error.ts';
import type { Order, OrderDetail } from '../../../../client/api-types.ts';
import { ask } from '../../api/client.ts';
import type { Person } from '../../session/session.ts';
import { Actor } from '../../ui/actor.tsx';
import { toast } from '../../ui/announce.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { formatCount, formatDay, formatMoney, formatWeight } from '../../ui/format.ts';
import { playSound } from '../../ui/sound.ts';
import { ScrollArea } from '../../ui/scroll-area.tsx';
import { Failure, Loading } from '../../ui/states.tsx';
import { Time } from '../../ui/time.tsx';
import { useRemote } from '../../ui/use-remote.ts';
import { OrderBadge } from './order-badge.tsx';

function Lines({ order }: { order: OrderDetail }) {
  return (
    <ScrollArea label="Lines of the order">
      <table>
        <thead>
          <tr>
            <th scope="col" class="number">
              Qty
            </th>
            <th scope="col">Product</th>
            <th scope="col" class="number">
              Weight
            </th>
          </tr>
        </thead>
        <tbody>
          {order.orderLines.map((line) => (
            <tr key={line.line}>
              <td class="number quantity">{formatCount(line.quantity)}</td>
              <th scope="row">
                <bdi>{line.name}</bdi>
                <br />
                <small class="dim">
                  <bdi>{line.manufacturer}</bdi>, {formatWeight(line.unitWeight)} each
                </small>
              </th>
              <td class="number">{formatWeight(line.weight)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <td class="number">{formatCount(order.items)}</td>
            <th scope="row">Together</th>
            <td class="number">{formatWeight(order.totalWeight)}</td>
          </tr>
        </tfoot>
      </table>
    </ScrollArea>
  );
}

function Reopen({ order, onDone }: { order: Order; onDone: () => void }) {
  const [reason, setReason] = useState('');
  const [problem, setProblem] = useState<ApiError>();
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    // This form goes away, and Check off comes: the next Enter shall not land there.
    const heading = (event.currentTarget as Element).closest('dialog')?.querySelector('h2');
    ask((api) =>
      api.POST('/logistics/orders/{id}/reopen', {
        params: { path: { id: order.orderId } },
        body: { rowVersion: order.rowVersion, reason },
      }),
    ).then(
      () => {
        toast(`Order ${order.number} is open again.`);
        heading?.focus();
        onDone();
      },
      (error: unknown) => setProblem(asApiError(error)),
    );
  };
  return (
    <form class="field" onSubmit={submit}>
      <label for="reopen-reason">Reopen it, because …</label>
      <div class="toolbar">
        <input
          id="reopen-reason"
          class="input grow"
          required
          minLength={3}
          maxLength={500}
          value={reason}
          onInput={(event) => setReason(event.currentTarget.value)}
        />
        <button class="button">Reopen</button>
      </div>
      {problem && <Failure problem={problem} />}
    </form>
  );
}

/** Orders are filed by the day of UTC on which they were placed. */
const dayOf = ({ placedAt }: Order): string => placedAt.slice(0, 10);

interface OrderDialogProps {
  readonly orderId: number;
  readonly person: Person;
  readonly onItsWay: boolean;
  /** How often its code was scanned; the second scan checks it off. */
  readonly scans: number;
  /** The day of the list that is shown behind. */
  readonly day: string;
  readonly onCheckOff: (order: Order) => void;
  readonly onChanged: () => void;
  readonly onClose: () => void;
}

/** An order with what is in it and what each line weighs; from here it is checked off, or reopened by who may. */
export function OrderDialog(props: OrderDialogProps) {
  const { orderId, person, onItsWay, scans, day, onCheckOff, onChanged, onClose } = props;
  const {
    data: order,
    problem,
    reload,
  } = useRemote(String(orderId), (signal) =>
    ask((api) => api.GET('/logistics/orders/{id}', { params: { path: { id: orderId } }, signal })),
  );
  const mayCheckOff = order?.status === 'pending' && !onItsWay;
  const [refusal, setRefusal] = useState<string>();
  // Each scan is answered once: an order that is reopened here is not checked off by the scan of before.
  const answeredScans = useRef(1);
  useEffect(() => {
    if (scans <= answeredScans.current || !order) return;
    answeredScans.current = scans;
    if (mayCheckOff) {
      playSound('done');
      onCheckOff(order);
    } else {
      playSound('refused');
      setRefusal(onItsWay ? 'It is checked off already and on its way.' : `It is ${order.status} already.`);
    }
  }, [scans, order]);
  useEffect(() => {
    if (problem && scans > 0) playSound('refused');
  }, [problem]);
  return (
    <Dialog
      wide
      title={`Order ${order?.number ?? String(orderId).padStart(8, '0')}`}
      onClose={onClose}
      footer={
        <>
          {mayCheckOff && scans > 0 && <span class="dim scan-hint">Scan it again to check it off.</span>}
          <button class="button large" onClick={onClose}>
            Close
          </button>
          {mayCheckOff && (
            // Never focused by itself: the Enter that opened the order, sent twice or held, would complete it.
            <button class="button primary large" onClick={() => onCheckOff(order)}>
              Check off
            </button>
          )}
        </>
      }
    >
      {problem && <Failure problem={problem} onRetry={reload} />}
      {!order && !problem && <Loading rows={9} />}
      {refusal !== undefined && (
        <p class="field-error" role="alert">
          {refusal}
        </p>
      )}
      {order && (
        <>
          {dayOf(order) !== day && (
            <div class="notice warn" role="status">
              <div>
                <strong>Of another day than the list</strong>
                <span>This order is of {formatDay(dayOf(order), 'long')}.</span>
              </div>
            </div>
          )}
          <p class="order-line">
            <OrderBadge status={order.status} />
            <span>Price {formatMoney(order.totalPrice)}</span>
            <span>
              Placed <Time at={order.placedAt} />
            </span>
            {order.completedAt !== null && (
              <span>
                Completed <Time at={order.completedAt} />
                {order.completedBy !== null && (
                  <>
                    {' '}
                    by <Actor id={order.completedBy} me={person.id} />
                  </>
                )}
              </span>
            )}
          </p>
          <Lines order={order} />
          {order.status === 'completed' && person.roles.includes('LogisticsLead') && (
            <Reopen
              order={order}
              onDone={() => {
                reload();
                onChanged();
              }}
            />
          )}
        </>
      )}
    </Dialog>
  );
}
