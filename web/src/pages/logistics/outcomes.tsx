import type { Person } from '../../session/session.ts';
import { Actor } from '../../ui/actor.tsx';
import { Badge } from '../../ui/states.tsx';
import { Time } from '../../ui/time.tsx';
import type { Batch, Outcome } from './outbox-state.ts';

const reasons: Readonly<Record<string, string>> = {
  changed: 'it changed after you saw it; look at it again',
  cancelled: 'it was cancelled',
  'not-found': 'there is no such order',
};

function Said({ outcome, person }: { outcome: Outcome; person: Person }) {
  const mine = outcome.completedBy === person.id;
  if (outcome.outcome === 'refused') {
    return (
      <>
        <Badge tone="bad">Refused</Badge>
        <span>{reasons[outcome.reason ?? ''] ?? outcome.reason}</span>
      </>
    );
  }
  if (outcome.outcome === 'done' || mine) return <Badge tone="good">Done</Badge>;
  return (
    <>
      <Badge tone="info">Already done</Badge>
      <span>
        by {outcome.completedBy !== null && <Actor id={outcome.completedBy} me={person.id} />} at{' '}
        {outcome.completedAt !== null && <Time at={outcome.completedAt} clock />}
      </span>
    </>
  );
}

interface OutcomesProps {
  readonly outcomes: readonly Outcome[];
  readonly person: Person;
  readonly onDismiss: () => void;
}

/** What the service said of each order that was checked off; the refused ones first. */
export function Outcomes({ outcomes, person, onDismiss }: OutcomesProps) {
  if (outcomes.length === 0) return null;
  const sorted = outcomes.toSorted(
    (a, b) => Number(b.outcome === 'refused') - Number(a.outcome === 'refused'),
  );
  return (
    <section class="card" aria-labelledby="outcomes-title">
      <header>
        <h2 id="outcomes-title">What was saved</h2>
        <button class="button" onClick={onDismiss}>
          Clear
        </button>
      </header>
      <ul class="outcomes">
        {sorted.map((outcome) => (
          <li key={outcome.orderId} data-outcome={outcome.outcome}>
            <strong class="mono">{outcome.number}</strong>
            <Said outcome={outcome} person={person} />
          </li>
        ))}
      </ul>
    </section>
  );
}

const waitingFor = {
  connection: 'There is no connection. They are sent when it is back; you can close or reload this page.',
  session: 'Your session has ended. They are sent when you have signed in again.',
  service: 'The service does not answer. It is tried again by itself.',
} as const;

/** Check-offs that the service has not heard of yet, by their numbers, also when the list itself cannot be read. */
export function Waiting({ batches, why }: { batches: readonly Batch[]; why: keyof typeof waitingFor }) {
  const tried = batches.filter(({ attempts }) => attempts > 0);
  if (tried.length === 0) return null;
  const numbers = tried.flatMap(({ orders }) => orders.map(({ number }) => number));
  return (
    <section class="notice warn" aria-label="Waiting to be sent">
      <div>
        <strong>
          {numbers.length} {numbers.length === 1 ? 'check-off is' : 'check-offs are'} pending: not saved yet
        </strong>
        <span>{waitingFor[why]}</span>
        <span class="mono">{numbers.join(', ')}</span>
      </div>
    </section>
  );
}
