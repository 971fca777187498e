import { useEffect, useRef, useState } from 'preact/hooks';
import { asApiError, type ApiError } from '../../../../client/api-error.ts';
import type { BrowsedEvent, BrowsedEvents } from '../../../../client/api-types.ts';
import { ask } from '../../api/client.ts';
import { formatBytes, formatCount } from '../../ui/format.ts';
import { ScrollArea } from '../../ui/scroll-area.tsx';
import { Empty, Failure, Loading } from '../../ui/states.tsx';
import { Time } from '../../ui/time.tsx';
import { EventDialog } from './event-dialog.tsx';
import { HubForm, type EventQuery } from './hub-form.tsx';

const placeNames = new Set(['from', 'offset', 'sequenceNumber', 'time']);
const followEveryMs = 2_000;
/** Kept on the page while it follows. */
const maxShown = 500;

interface Look {
  readonly query: EventQuery;
  readonly page: BrowsedEvents;
  readonly events: readonly BrowsedEvent[];
  readonly scanned: number;
}

/** What is looked at before anything is asked. */
const first: EventQuery = { hub: 'image-stream', from: 'end' };

const read = (query: EventQuery): Promise<BrowsedEvents> =>
  ask((api) => api.GET('/operations/events', { params: { query } }));

/** The same question, from where the last answer ended. */
const onward = ({ query, page }: Look): EventQuery => ({
  ...Object.fromEntries(Object.entries(query).filter(([name]) => !placeNames.has(name))),
  cursor: page.next,
});

const placeOf = ({ hub, partition, sequenceNumber }: BrowsedEvent): string =>
  `${hub}/${partition}/${sequenceNumber}`;

function Rows({
  events,
  onOpen,
}: {
  events: readonly BrowsedEvent[];
  onOpen: (event: BrowsedEvent) => void;
}) {
  return (
    <ScrollArea label="Events">
      <table>
        <thead>
          <tr>
            <th scope="col">Partition and offset</th>
            <th scope="col">Came</th>
            <th scope="col" class="number">
              Size
            </th>
            <th scope="col">Read as</th>
            <th scope="col">Key</th>
            <th scope="col">CloudEvent</th>
          </tr>
        </thead>
        <tbody>
          {events.map((event) => (
            <tr key={placeOf(event)} data-event={placeOf(event)}>
              <th scope="row">
                <button class="link mono" onClick={() => onOpen(event)}>
                  {event.partition} / {event.sequenceNumber}
                </button>
              </th>
              <td>
                <Time at={event.enqueuedAt} clock />
              </td>
              <td class="number">{formatBytes(event.bytes)}</td>
              <td>{event.content === null ? <em>erased</em> : event.content.form}</td>
              <td class="mono">
                <bdi>{event.content?.key ?? ''}</bdi>
              </td>
              <td class="mono">
                <bdi>{event.content?.cloudEvent?.id ?? ''}</bdi>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}

/** What is in a hub now; looking takes nothing away and moves no checkpoint. */
export function HubEvents() {
  const [look, setLook] = useState<Look>();
  const [problem, setProblem] = useState<ApiError>();
  const [busy, setBusy] = useState(false);
  const [follows, setFollows] = useState(false);
  const [opened, setOpened] = useState<BrowsedEvent>();

  const asked = useRef<readonly [query: EventQuery, before: Look | undefined]>([first, undefined]);
  /** Only the last question counts: one that follows may be under way when somebody asks another. */
  const fetchPage = (query: EventQuery, before: Look | undefined) => {
    const mine = [query, before] as const;
    asked.current = mine;
    setBusy(true);
    read(query).then(
      (page) => {
        if (asked.current !== mine) return;
        const events = [...(before?.events ?? []), ...page.events].slice(-maxShown);
        const scanned = page.scanned + (before?.scanned ?? 0);
        setLook({ query: before?.query ?? query, page, events, scanned });
        setProblem(undefined);
        setBusy(false);
      },
      (error: unknown) => {
        if (asked.current !== mine) return;
        setProblem(asApiError(error));
        setFollows(false);
        setBusy(false);
      },
    );
  };
  useEffect(() => fetchPage(first, undefined), []);
  useEffect(() => {
    if (!follows || look === undefined || busy) return;
    const timer = setTimeout(() => fetchPage(onward(look), look), look.page.atEnd ? followEveryMs : 0);
    return () => clearTimeout(timer);
  }, [follows, look, busy]);

  return (
    <section class="card" aria-label="Events">
      <div class="card-body">
        <HubForm busy={busy && !follows} onLook={(query) => fetchPage(query, undefined)} />
        {problem && <Failure problem={problem} onRetry={() => fetchPage(...asked.current)} />}
        {!look && !problem && <Loading rows={6} label="Loading the newest events" />}
      </div>
      {look && look.events.length > 0 && <Rows events={look.events} onOpen={setOpened} />}
      {look?.events.length === 0 && (
        <Empty title="No such events">The hub has none that pass, as far as was looked.</Empty>
      )}
      {look && (
        <div class="letters-foot">
          <span role="status">
            {formatCount(look.events.length)} shown, {formatCount(look.scanned)} looked at
            {look.page.atEnd ? ', nothing behind them' : ''}
          </span>
          {!look.page.atEnd && (
            <button class="button" disabled={busy} onClick={() => fetchPage(onward(look), look)}>
              Show more
            </button>
          )}
          <label class="follow">
            <input
              type="checkbox"
              checked={follows}
              onChange={(event) => setFollows(event.currentTarget.checked)}
            />
            Follow live
          </label>
        </div>
      )}
      {opened && <EventDialog event={opened} onClose={() => setOpened(undefined)} />}
    </section>
  );
}
