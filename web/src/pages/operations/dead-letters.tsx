import { useLocation } from 'preact-iso';
import { useEffect, useState } from 'preact/hooks';
import { answerOf } from '../../../../client/api.ts';
import { asApiError } from '../../../../client/api-error.ts';
import type { BulkRun, DeadLetter } from '../../../../client/api-types.ts';
import { ask, openApi } from '../../api/client.ts';
import { toast } from '../../ui/announce.tsx';
import { formatBytes, formatCount } from '../../ui/format.ts';
import { CheckIcon, DownloadIcon } from '../../ui/icons.tsx';
import { fileNameOf, saveFile } from '../../ui/save-file.ts';
import { Badge, Empty } from '../../ui/states.tsx';
import { Time } from '../../ui/time.tsx';
import { useRemote } from '../../ui/use-remote.ts';
import { useDeadLetterCounts } from './attention.tsx';
import { BulkDialog, type BulkTarget } from './bulk-dialog.tsx';
import { BulkRuns } from './bulk-runs.tsx';
import { DeadLetterFilters } from './dead-letter-filters.tsx';
import {
  addressOf,
  counted,
  filterOf,
  listQuery,
  queryIn,
  type DeadLetterQuery,
} from './dead-letter-query.ts';
import { LetterDialog } from './letter-dialog.tsx';
import { ReplayDialog } from './replay-dialog.tsx';
import { outcomeTone } from './replay-outcome.ts';
import { Section } from './section.tsx';

const listDeadLetters = (
  query: DeadLetterQuery,
  init: { readonly cursor?: string; readonly signal?: AbortSignal },
) => {
  const { cursor, ...rest } = init;
  const asked = { ...listQuery(query), limit: 100, ...(cursor !== undefined && { cursor }) };
  return ask((api) => api.GET('/operations/dead-letters', { params: { query: asked }, ...rest }));
};

async function download(query: DeadLetterQuery): Promise<void> {
  try {
    const api = await openApi();
    const { data, response } = await answerOf(
      api.GET('/operations/dead-letter-export', { params: { query: listQuery(query) }, parseAs: 'blob' }),
    );
    // The client hands out no body where there is none.
    const file = response.headers.get('content-length') === '0' ? new Blob() : data;
    saveFile(file, fileNameOf(response, 'dead-letters.ndjson'));
  } catch (error) {
    toast(asApiError(error).message);
  }
}

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
          <small class="dim">
            <bdi>{letter.message}</bdi>
          </small>
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

/** What was read behind the first page of a list. */
interface MorePages {
  /** Of the filters: a page that comes after others were chosen belongs to no list. */
  readonly key: string;
  readonly letters: readonly DeadLetter[];
  readonly cursor: string | null;
}

/** More of them are a run in the background. */
const maxAtOnce = 100;

const columns = ['Id', 'Reason', 'Stage', 'Attempts', 'Payload', 'Since', 'Replayed'];
const numeric = ['Attempts', 'Payload'];

/** What could not be processed, why, and what can be done about it. */
export function DeadLetters({ me }: { me: string }) {
  const location = useLocation();
  const query = queryIn(location.query);
  const key = JSON.stringify(query);
  const [pages, setPages] = useState<MorePages>({ key, letters: [], cursor: null });
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [opened, setOpened] = useState<string>();
  const [replaying, setReplaying] = useState<readonly string[]>();
  const [bulk, setBulk] = useState<{ action: BulkRun['action']; target: BulkTarget; count: number }>();
  const counts = useDeadLetterCounts();
  const remote = useRemote(`letters.${key}`, (signal) => listDeadLetters(query, { signal }), {
    every: 10_000,
  });
  useEffect(() => setChosen(new Set()), [key]);
  const more = pages.key === key ? pages.letters : [];
  const open = counted(counts.data?.counts ?? [], { ...query, show: 'open' });
  const openCount = open.reduce((sum, { deadLetters }) => sum + deadLetters, 0);
  const all = (action: BulkRun['action']) =>
    setBulk({ action, target: { filter: filterOf(query) }, count: openCount });
  const first = remote.data?.deadLetters ?? [];
  const inFirst = new Set(first.map(({ id }) => id));
  const letters = [...first, ...more.filter(({ id }) => !inFirst.has(id))];
  const next = more.length === 0 ? (remote.data?.next ?? null) : pages.cursor;
  const hidden = [...chosen].filter((id) => !letters.some((letter) => letter.id === id)).length;

  const choose = (id: string, on: boolean) => {
    const after = new Set(chosen);
    if (on) after.add(id);
    else after.delete(id);
    setChosen(after);
  };
  const loadMore = () => {
    listDeadLetters(query, next === null ? {} : { cursor: next }).then(
      (page) => setPages({ key, letters: [...more, ...page.deadLetters], cursor: page.next }),
      (error: unknown) => toast(asApiError(error).message),
    );
  };

  return (
    <>
      <Section
        title="Dead letters"
        remote={remote}
        rows={8}
        tools={
          <DeadLetterFilters
            query={query}
            counts={counts.data?.counts ?? []}
            onQuery={(next) => location.route(addressOf(next), true)}
          />
        }
      >
        <div class="letters-bulk">
          <strong>{formatCount(openCount)} open here</strong>
          <button class="button" disabled={openCount === 0} onClick={() => all('replay')}>
            Replay all open …
          </button>
          <button class="button" disabled={openCount === 0} onClick={() => all('discard')}>
            Discard all open …
          </button>
          <button class="button" onClick={() => void download(query)}>
            <DownloadIcon /> Export
          </button>
        </div>
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
                <button
                  class="button"
                  onClick={() =>
                    setBulk({ action: 'discard', target: { ids: [...chosen] }, count: chosen.size })
                  }
                >
                  Discard {chosen.size} …
                </button>
                <button
                  class="button primary"
                  onClick={() => {
                    const ids = [...chosen];
                    if (ids.length <= maxAtOnce) setReplaying(ids);
                    else setBulk({ action: 'replay', target: { ids }, count: ids.length });
                  }}
                >
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
        {bulk && (
          <BulkDialog
            {...bulk}
            onClose={() => {
              setBulk(undefined);
              remote.reload();
              counts.reload();
            }}
            onDone={() => setChosen(new Set())}
          />
        )}
      </Section>
      <BulkRuns me={me} />
    </>
  );
}
