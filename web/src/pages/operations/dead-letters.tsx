import { useEffect, useState } from 'preact/hooks';
import { asApiError } from '../../../../client/api-error.ts';
import type { DeadLetter } from '../../../../client/api-types.ts';
import { ask } from '../../api/client.ts';
import { toast } from '../../ui/announce.tsx';
import { formatBytes, formatCount } from '../../ui/format.ts';
import { CheckIcon } from '../../ui/icons.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Badge, Empty } from '../../ui/states.tsx';
import { Time } from '../../ui/time.tsx';
import { useRemote } from '../../ui/use-remote.ts';
import { LetterDialog } from './letter-dialog.tsx';
import { ReplayDialog } from './replay-dialog.tsx';
import { outcomeTone } from './replay-outcome.ts';
import { Section } from './section.tsx';

const shows = [
  ['open', 'Not replayed'],
  ['all', 'All'],
] as const;

const listDeadLetters = (
  show: (typeof shows)[number][0],
  init: { readonly cursor?: string; readonly signal?: AbortSignal },
) => {
  const { cursor, ...rest } = init;
  const query = {
    limit: 100,
    ...(show === 'open' && { open: true }),
    ...(cursor !== undefined && { cursor }),
  };
  return ask((api) => api.GET('/operations/dead-letters', { params: { query }, ...rest }));
};

interface RowProps {
  readonly letter: DeadLetter;
  readonly chosen: boolean;
  readonly onChoose: (on: boolean) => void;
  readonly onOpen: () => void;
}

function Row({ letter, chosen, onChoose, onOpen }: RowProps) {
  return (
    <tr data-letter={letter.id} class={chosen ? 'selected' : ''}>
      <td class="tick-cell">
        <label class="tick">
          <input
            type="checkbox"
            checked={chosen}
            aria-label={`Select dead letter ${letter.id}`}
            onChange={(event) => onChoose(event.currentTarget.checked)}
          />
        </label>
      </td>
      <th scope="row">
        <button class="link mono" onClick={onOpen}>
          {letter.id}
        </button>
      </th>
      <td data-label="Reason">
        <span>
          <code>{letter.code}</code>
          <br />
          <small class="dim">{letter.message}</small>
        </span>
      </td>
      <td data-label="Stage">{letter.stage}</td>
      <td class="number" data-label="Attempts">
        {formatCount(letter.attempts)}
      </td>
      <td class="number" data-label="Payload">
        {formatBytes(letter.payloadBytes)}
      </td>
      <td data-label="Since">
        <Time at={letter.deadAt} />
      </td>
      <td data-label="Replayed">
        {letter.lastOutcome === null ? (
          <span class="dim">no</span>
        ) : (
          <Badge tone={outcomeTone(letter.lastOutcome)}>{letter.lastOutcome}</Badge>
        )}
      </td>
    </tr>
  );
}

const columns = ['Id', 'Reason', 'Stage', 'Attempts', 'Payload', 'Since', 'Replayed'];
const numeric = ['Attempts', 'Payload'];

/** What could not be processed, why, and what can be done about it. */
export function DeadLetters({ me }: { me: string }) {
  const [show, setShow] = useState<(typeof shows)[number][0]>('all');
  const [more, setMore] = useState<readonly DeadLetter[]>([]);
  const [cursor, setCursor] = useState<string | null>(null);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [opened, setOpened] = useState<string>();
  const [replaying, setReplaying] = useState<readonly string[]>();
  const remote = useRemote(`letters.${show}`, (signal) => listDeadLetters(show, { signal }), {
    every: 10_000,
  });
  useEffect(() => {
    setMore([]);
    setCursor(null);
  }, [show]);
  const first = remote.data?.deadLetters ?? [];
  const inFirst = new Set(first.map(({ id }) => id));
  const letters = [...first, ...more.filter(({ id }) => !inFirst.has(id))];
  const next = more.length === 0 ? (remote.data?.next ?? null) : cursor;
  const hidden = [...chosen].filter((id) => !letters.some((letter) => letter.id === id)).length;

  const choose = (id: string, on: boolean) => {
    const after = new Set(chosen);
    if (on) after.add(id);
    else after.delete(id);
    setChosen(after);
  };
  const loadMore = () => {
    listDeadLetters(show, next === null ? {} : { cursor: next }).then(
      (page) => {
        setMore([...more, ...page.deadLetters]);
        setCursor(page.next);
      },
      (error: unknown) => toast(asApiError(error).message),
    );
  };

  return (
    <Section
      title="Dead letters"
      remote={remote}
      rows={8}
      tools={<Segmented label="Show" options={shows} value={show} onChange={setShow} />}
    >
      {letters.length === 0 ? (
        <Empty icon={<CheckIcon />} title="No dead letters">
          Everything that came was processed or refused with a reason.
        </Empty>
      ) : (
        <table class="cards letters">
          <caption class="visually-hidden">Dead letters, newest first</caption>
          <thead>
            <tr>
              <th scope="col" class="tick-cell">
                <span class="visually-hidden">Select</span>
              </th>
              {columns.map((name) => (
                <th key={name} scope="col" class={numeric.includes(name) ? 'number' : ''}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {letters.map((letter) => (
              <Row
                key={letter.id}
                letter={letter}
                chosen={chosen.has(letter.id)}
                onChoose={(on) => choose(letter.id, on)}
                onOpen={() => setOpened(letter.id)}
              />
            ))}
          </tbody>
        </table>
      )}
      {(next !== null || chosen.size > 0) && (
        <div class="letters-foot">
          {next !== null && (
            <button class="button" onClick={loadMore}>
              Show more
            </button>
          )}
          {chosen.size > 0 && (
            <>
              <strong>
                {chosen.size} selected{hidden > 0 && `, ${hidden} hidden`}
              </strong>
              <button class="button" onClick={() => setChosen(new Set())}>
                Clear
              </button>
              <button class="button primary" onClick={() => setReplaying([...chosen])}>
                Replay {chosen.size} …
              </button>
            </>
          )}
        </div>
      )}
      {opened !== undefined && replaying === undefined && (
        <LetterDialog
          id={opened}
          me={me}
          onReplay={() => setReplaying([opened])}
          onClose={() => setOpened(undefined)}
        />
      )}
      {replaying && (
        <ReplayDialog
          ids={replaying}
          onClose={() => {
            setReplaying(undefined);
            setOpened(undefined);
          }}
          onDone={() => {
            setChosen(new Set());
            remote.reload();
          }}
        />
      )}
    </Section>
  );
}
