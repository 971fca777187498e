import { useState } from 'preact/hooks';
import type { Reader, ReaderChange, Readers as ReadersAnswer } from '../../../../client/api-types.ts';
import { ask } from '../../api/client.ts';
import { Actor } from '../../ui/actor.tsx';
import { formatCount } from '../../ui/format.ts';
import { ScrollArea } from '../../ui/scroll-area.tsx';
import { Badge } from '../../ui/states.tsx';
import { Time } from '../../ui/time.tsx';
import { useRemote } from '../../ui/use-remote.ts';
import { MoveDialog } from './move-dialog.tsx';
import { LimitDialog, PauseDialog, ResumeDialog, StopDialog } from './reader-dialogs.tsx';
import { Section } from './section.tsx';

type Asked =
  | { readonly kind: 'pause' | 'resume'; readonly hubs: readonly string[] }
  | { readonly kind: 'limit'; readonly reader: Reader }
  | { readonly kind: 'move'; readonly hub: string }
  | { readonly kind: 'stop' };

function State({ pause, me }: { pause: Reader['pause']; me: string }) {
  if (pause === null) return <Badge tone="good">Reads</Badge>;
  return (
    <>
      <Badge tone={pause.isHold ? 'bad' : 'warn'}>{pause.isHold ? 'Held' : 'Paused'}</Badge>
      <small class="dim reader-why">
        since <Time at={pause.since} /> by <Actor id={pause.actor} me={me} />: <bdi>{pause.reason}</bdi>
      </small>
    </>
  );
}

const limitText = ({ limit }: Reader): string =>
  limit === null
    ? 'no number of dead letters'
    : `more than ${formatCount(limit.deadLetters)} ${limit.isDefault ? 'of our own faults ' : ''}in ${limit.minutes} min`;

interface RowProps {
  readonly reader: Reader;
  readonly me: string;
  readonly onAsk: (asked: Asked) => void;
}

function Row({ reader, me, onAsk }: RowProps) {
  const { hub, pause } = reader;
  const kind = pause === null ? 'pause' : 'resume';
  return (
    <tr data-reader={hub} data-paused={pause !== null}>
      <th scope="row">{hub}</th>
      <td data-label="State">
        <State pause={pause} me={me} />
      </td>
      <td data-label="Paused by">
        {hub === 'image-dead-letter' ? (
          <span class="dim">people only</span>
        ) : (
          <button class="link" onClick={() => onAsk({ kind: 'limit', reader })}>
            {limitText(reader)}
          </button>
        )}
      </td>
      <td class="reader-tools">
        {hub === 'image-reprocessing' && (
          <button class="button" onClick={() => onAsk({ kind: 'stop' })}>
            Stop the re-run …
          </button>
        )}
        {pause !== null && (
          <button class="button" onClick={() => onAsk({ kind: 'move', hub })}>
            Move …
          </button>
        )}
        <button class="button" onClick={() => onAsk({ kind, hubs: [hub] })}>
          {kind === 'pause' ? 'Pause …' : 'Resume …'}
        </button>
      </td>
    </tr>
  );
}

const actions: Readonly<Record<string, string>> = {
  paused: 'paused',
  held: 'held, because of dead letters',
  resumed: 'resumed',
  stopped: 'bulk re-run stopped',
  set: 'limit of dead letters set',
  off: 'limit of dead letters taken off',
  moved: 'checkpoint moved',
  restarted: 'read from the beginning',
};

function Changes({ changes, me }: { changes: readonly ReaderChange[]; me: string }) {
  if (changes.length === 0) return null;
  return (
    <details class="changes">
      <summary>What was done</summary>
      <ScrollArea label="What was done to readers">
        <table>
          <thead>
            <tr>
              {['When', 'Reader', 'What', 'Who', 'Why'].map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {changes.map(({ id, at, hub, action, actor, reason }) => (
              <tr key={id}>
                <td>
                  <Time at={at} />
                </td>
                <th scope="row">{hub}</th>
                <td>{actions[action] ?? action}</td>
                <td>
                  <Actor id={actor} me={me} />
                </td>
                <td>
                  <bdi>{reason}</bdi>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollArea>
    </details>
  );
}

/** What engineers have to hear of, whoever is looking. */
function Alarms({ losses, changes }: Pick<ReadersAnswer, 'losses' | 'changes'>) {
  const anew = changes.filter(({ action }) => action === 'restarted');
  if (losses.length + anew.length === 0) return null;
  return (
    <ul class="reader-alarms">
      {losses.map(({ hub, partition, message, at }) => (
        <li key={`${hub}/${partition}/${at}`} data-alarm="lost">
          <Badge tone="bad">Lost</Badge> <strong>{hub}</strong>, partition {partition}: {message}{' '}
          <Time at={at} />
        </li>
      ))}
      {anew.map(({ id, hub, reason, detail, at }) => (
        <li key={id} data-alarm="anew">
          <Badge tone="warn">Made anew</Badge> <strong>{hub}</strong>, partition{' '}
          {detail?.['partition'] as string}: {reason} <Time at={at} />
        </li>
      ))}
    </ul>
  );
}

function Asking({ asked, onDone, onClose }: { asked: Asked; onDone: () => void; onClose: () => void }) {
  const rest = { onDone, onClose };
  switch (asked.kind) {
    case 'pause':
      return <PauseDialog hubs={asked.hubs} {...rest} />;
    case 'resume':
      return <ResumeDialog hubs={asked.hubs} {...rest} />;
    case 'limit':
      return <LimitDialog reader={asked.reader} {...rest} />;
    case 'move':
      return <MoveDialog hub={asked.hub} {...rest} />;
    case 'stop':
      return <StopDialog {...rest} />;
  }
}

/** What reads each hub, whether it does, and what an engineer can do about it. */
export function Readers({ me }: { me: string }) {
  const remote = useRemote('readers', (signal) => ask((api) => api.GET('/operations/readers', { signal })), {
    every: 5_000,
  });
  const [asked, setAsked] = useState<Asked>();
  const readers = remote.data?.readers ?? [];
  const [paused, reading] = [true, false].map((is) =>
    readers.filter(({ pause }) => (pause !== null) === is).map(({ hub }) => hub),
  ) as [string[], string[]];
  return (
    <Section
      id="readers"
      title="Readers"
      remote={remote}
      at={remote.data?.asOf}
      rows={5}
      tools={
        <>
          {paused.length > 1 && (
            <button class="button" onClick={() => setAsked({ kind: 'resume', hubs: paused })}>
              Resume all …
            </button>
          )}
          {reading.length > 1 && (
            <button class="button" onClick={() => setAsked({ kind: 'pause', hubs: reading })}>
              Pause all …
            </button>
          )}
        </>
      }
    >
      {remote.data && <Alarms losses={remote.data.losses} changes={remote.data.changes} />}
      <table class="cards">
        <caption class="visually-hidden">Readers of the hubs</caption>
        <thead>
          <tr>
            <th scope="col">Hub</th>
            <th scope="col">State</th>
            <th scope="col">Paused by</th>
            <th scope="col">
              <span class="visually-hidden">Do</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {readers.map((reader) => (
            <Row key={reader.hub} reader={reader} me={me} onAsk={setAsked} />
          ))}
        </tbody>
      </table>
      <Changes changes={remote.data?.changes ?? []} me={me} />
      {asked && <Asking asked={asked} onDone={remote.reload} onClose={() => setAsked(undefined)} />}
    </Section>
  );
}
