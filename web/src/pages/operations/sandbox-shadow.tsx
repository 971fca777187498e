import { useEffect, useRef, useState } from 'preact/hooks';
import { asApiError, type ApiError } from '../../../../client/api-error.ts';
import { shadowRun, type ShadowedRow } from '../../../../client/shadow-run.ts';
import { ssimText, worstFirst } from '../../../../client/worst-first.ts';
import { openApi } from '../../api/client.ts';
import { announce } from '../../ui/announce.tsx';
import { formatCount, plural } from '../../ui/format.ts';
import { ScrollArea } from '../../ui/scroll-area.tsx';
import { SectionHead } from '../../ui/section.tsx';
import { Empty, Failure } from '../../ui/states.tsx';
import { Change, OutcomeBadge, sizeOf } from './sandbox-figures.tsx';

const counts = [20, 50, 100, 200] as const;
/** Enough to see what is worst; the CLI prints all. */
const maxShown = 200;

interface Found {
  readonly state: 'running' | 'done' | 'stopped';
  readonly done: number;
  readonly total: number;
  readonly skipped: number;
  readonly rows: readonly ShadowedRow[];
}

function useShadow() {
  const [found, setFound] = useState<Found>();
  const [problem, setProblem] = useState<ApiError>();
  const running = useRef<AbortController | undefined>(undefined);
  useEffect(() => () => running.current?.abort(), []);

  async function follow(last: number, { signal }: AbortController): Promise<void> {
    let now: Found = { state: 'running', done: 0, total: 0, skipped: 0, rows: [] };
    setFound(now);
    for await (const { done, total, skipped, rows } of shadowRun(await openApi(), last, signal)) {
      if (signal.aborted) return;
      now = {
        ...now,
        done,
        total,
        skipped: now.skipped + (skipped === null ? 0 : 1),
        rows: [...now.rows, ...rows],
      };
      setFound(now);
    }
    setFound({ ...now, state: 'done' });
    announce(`The shadow run is over: ${plural(now.total, 'image', 'images')}.`);
  }

  return {
    found,
    problem,
    start: (last: number): void => {
      const controller = new AbortController();
      running.current = controller;
      setProblem(undefined);
      follow(last, controller).catch((error: unknown) => {
        if (controller.signal.aborted) return;
        setProblem(asApiError(error));
        setFound((now) => now && { ...now, state: 'stopped' });
      });
    },
    stop: (): void => {
      running.current?.abort();
      setFound((now) => now && { ...now, state: 'stopped' });
    },
  };
}

function Rows({ rows, onLook }: { rows: readonly ShadowedRow[]; onLook: (imageId: string) => void }) {
  return (
    <ScrollArea label="What differs, the worst first">
      <table class="cards shadow-rows">
        <caption class="visually-hidden">What differs, the worst first</caption>
        <thead>
          <tr>
            <th scope="col">Image</th>
            <th scope="col">What</th>
            <th scope="col">Outcome</th>
            <th scope="col">SSIM</th>
            <th scope="col">Size</th>
            <th scope="col">Bytes</th>
            <th scope="col">Time</th>
            <th scope="col">
              <span class="visually-hidden">Look at both</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {worstFirst(rows)
            .slice(0, maxShown)
            .map((row) => (
              <tr key={`${row.imageId}/${row.name ?? ''}`}>
                <th scope="row">
                  <a href={`/images/${row.imageId}`} class="mono">
                    {row.imageId.slice(0, 8)}
                  </a>
                </th>
                <td data-label="What">{row.name ?? 'image'}</td>
                <td data-label="Outcome">
                  <span class="why">
                    <OutcomeBadge outcome={row.outcome} />
                    {row.reason !== null && <small>{row.reason}</small>}
                  </span>
                </td>
                <td data-label="SSIM">{ssimText(row.ssim)}</td>
                <td data-label="Size">
                  {sizeOf(row.released) === sizeOf(row.candidate)
                    ? sizeOf(row.candidate)
                    : `${sizeOf(row.released)} → ${sizeOf(row.candidate)}`}
                </td>
                <td data-label="Bytes">
                  <Change row={row} of="bytes" />
                </td>
                <td data-label="Time">
                  <Change row={row} of="milliseconds" />
                </td>
                <td class="row-actions">
                  <button
                    class="button"
                    aria-label={`Look at ${row.imageId.slice(0, 8)}`}
                    onClick={() => onLook(row.imageId)}
                  >
                    Look
                  </button>
                </td>
              </tr>
            ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}

/** The candidates over the last stored images, beside the released version: figures, and nothing is touched. */
export function SandboxShadow({ onLook }: { onLook: (imageId: string) => void }) {
  const { found, problem, start, stop } = useShadow();
  const [last, setLast] = useState<number>(counts[0]);
  const isRunning = found?.state === 'running';
  const submit = (event: Event) => {
    event.preventDefault();
    if (isRunning) stop();
    else start(last);
  };
  return (
    <section class="card" aria-label="Shadow run">
      <SectionHead title="Shadow run" at={undefined} />
      <div class="card-body sandbox-photo">
        <p class="dim">
          Runs both versions over stored images and compares. No image is changed, and only figures are kept,
          on this page.
        </p>
        <form class="shadow-form" onSubmit={submit}>
          <div class="field">
            <label for="shadow-last">Images</label>
            <select
              id="shadow-last"
              class="input"
              value={last}
              disabled={isRunning}
              onChange={(event) => setLast(Number(event.currentTarget.value))}
            >
              {counts.map((count) => (
                <option key={count} value={count}>
                  the last {count}
                </option>
              ))}
            </select>
          </div>
          <button class={isRunning ? 'button' : 'button primary'}>{isRunning ? 'Stop' : 'Start'}</button>
        </form>
        {found && (
          <div class="shadow-progress">
            <progress aria-label="Images compared" max={Math.max(1, found.total)} value={found.done} />
            <span>
              {formatCount(found.done)} of {plural(found.total, 'image', 'images')}
              {found.skipped > 0 &&
                `, ${formatCount(found.skipped)} left out (gone, without bytes or too large)`}
              {found.state === 'stopped' && ', stopped'}
            </span>
          </div>
        )}
        {problem && <Failure problem={problem} onRetry={() => start(last)} />}
        {found?.state === 'done' && found.total === 0 && <Empty title="No image is stored" />}
        {found?.state === 'done' && found.total > 0 && found.rows.length === 0 && (
          <Empty title="Nothing differs" />
        )}
        {found && found.rows.length > 0 && <Rows rows={found.rows} onLook={onLook} />}
        {found && found.rows.length > maxShown && (
          <p class="dim">
            The worst {maxShown} of {formatCount(found.rows.length)};{' '}
            <code>npx darkroom processor shadow</code> prints all.
          </p>
        )}
      </div>
    </section>
  );
}
