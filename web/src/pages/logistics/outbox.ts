import { signal, type ReadonlySignal } from '@preact/signals';
import { asApiError } from '../../../../client/api-error.ts';
import type { Completion } from '../../../../client/api-types.ts';
import { ask } from '../../api/client.ts';
import { sessionResumed } from '../../session/session.ts';
import {
  attempted,
  checkOff,
  dismissOutcomes,
  due,
  emptyOutbox,
  settle,
  undo,
  type Batch,
  type CheckedOrder,
  type Outbox,
  type Outcome,
} from './outbox-state.ts';

/** Milliseconds between attempts while the service cannot be reached. */
const retryPeriod = 4000;

const outcomesOf = (batch: Batch, results: readonly Completion[]): readonly Outcome[] =>
  results.map(({ orderId, outcome, reason, completedAt, completedBy }) => ({
    orderId,
    number: batch.orders.find((order) => order.orderId === orderId)?.number ?? String(orderId),
    ...{ outcome, reason, completedAt, completedBy },
  }));

const refusals = (batch: Batch, reason: string): readonly Outcome[] =>
  batch.orders.map(({ orderId, number }) => ({
    ...{ orderId, number, reason, outcome: 'refused' as const },
    completedAt: null,
    completedBy: null,
  }));

export interface OutboxHandle {
  readonly state: ReadonlySignal<Outbox>;
  /** Answers the key with which to undo it. */
  add(orders: readonly CheckedOrder[]): string;
  undo(key: string): void;
  dismiss(): void;
}

type Listener = (outcomes: readonly Outcome[]) => void;

/**
 * A person's check-offs, kept in the browser's storage so that a reload or a dead battery loses none, and sent by one tab
 * at a time until the service has answered.
 */
function makeOutbox(personId: string, onOutcomes: Listener): OutboxHandle {
  const storageKey = `darkroom.check-offs.${personId}`;
  const read = (): Outbox => {
    const kept = localStorage.getItem(storageKey);
    return kept === null ? emptyOutbox : (JSON.parse(kept) as Outbox);
  };
  const state = signal(read());
  let timer: ReturnType<typeof setTimeout> | undefined;

  function change(step: (outbox: Outbox) => Outbox) {
    // From storage, not from memory: another tab may have been here.
    state.value = step(read());
    localStorage.setItem(storageKey, JSON.stringify(state.value));
  }

  async function send(batch: Batch): Promise<boolean> {
    change((outbox) => attempted(outbox, batch.key));
    let said: readonly Outcome[];
    try {
      const orders = batch.orders.map(({ orderId, rowVersion }) => ({ orderId, rowVersion }));
      const { results } = await ask((api) => api.POST('/logistics/orders/complete', { body: { orders } }));
      said = outcomesOf(batch, results);
    } catch (error) {
      const problem = asApiError(error);
      if (problem.isTransient || problem.status === 401) return false;
      said = refusals(batch, problem.message);
    }
    change((outbox) => settle(outbox, batch.key, said));
    onOutcomes(said);
    return true;
  }

  async function sendDue() {
    const reached = await navigator.locks.request(storageKey, async () => {
      for (const batch of due(read(), Date.now())) if (!(await send(batch))) return false;
      return true;
    });
    schedule(reached ? 0 : retryPeriod);
  }

  function schedule(atLeast = 0) {
    clearTimeout(timer);
    const [next] = read().batches.toSorted((a, b) => a.sendAt - b.sendAt);
    if (next === undefined) return;
    timer = setTimeout(() => void sendDue(), Math.max(atLeast, next.sendAt - Date.now(), 0));
  }

  addEventListener('online', () => schedule());
  addEventListener(sessionResumed, () => schedule());
  addEventListener('storage', ({ key }) => {
    if (key === storageKey) state.value = read();
  });
  schedule();

  return {
    state,
    add(orders) {
      const key = crypto.randomUUID();
      change((outbox) => checkOff(outbox, orders, key, Date.now()));
      schedule();
      return key;
    },
    undo(key) {
      change((outbox) => undo(outbox, key));
      schedule();
    },
    dismiss: () => change(dismissOutcomes),
  };
}

const byPerson = new Map<string, { handle: OutboxHandle; listeners: Set<Listener> }>();

/** The outbox of a person, one for the tab; it goes on sending while another page is looked at. */
export function outboxOf(personId: string): OutboxHandle & { listen(listener: Listener): () => void } {
  let found = byPerson.get(personId);
  if (found === undefined) {
    const listeners = new Set<Listener>();
    const handle = makeOutbox(personId, (said) => listeners.forEach((listener) => listener(said)));
    found = { handle, listeners };
    byPerson.set(personId, found);
  }
  const { handle, listeners } = found;
  return {
    ...handle,
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
