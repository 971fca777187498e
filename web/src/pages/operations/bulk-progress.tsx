import { useEffect, useState } from 'preact/hooks';
import { asApiError } from '../../../../client/api-error.ts';
import type { BulkRun } from '../../../../client/api-types.ts';
import { ask } from '../../api/client.ts';
import { toast } from '../../ui/announce.tsx';
import { formatCount } from '../../ui/format.ts';
import { Badge, type Tone } from '../../ui/states.tsx';
import { useRemote } from '../../ui/use-remote.ts';
import { outcomeTone } from './replay-outcome.ts';

const everyMs = 1_000;

/** A run from its start on, looked at every second until it is over. */
export function useBulkRun() {
  const [begun, setBegun] = useState<BulkRun>();
  const [isOver, setOver] = useState(false);
  const id = begun?.id ?? '';
  const remote = useRemote(
    `run.${id}`,
    (signal) => ask((api) => api.GET('/operations/bulk-runs/{id}', { params: { path: { id } }, signal })),
    { when: begun !== undefined && !isOver, every: everyMs },
  );
  const run = remote.data ?? begun;
  useEffect(() => {
    if (run !== undefined && run.state !== 'running') setOver(true);
  }, [run]);
  return {
    run,
    follow: (next: BulkRun) => {
      setOver(next.state !== 'running');
      setBegun(next);
    },
    reload: remote.reload,
  };
}

const tones: Readonly<Record<BulkRun['state'], Tone>> = { running: 'info', done: 'good', stopped: 'warn' };

function StopForm({ id, onStopped }: { id: string; onStopped: () => void }) {
  const [reason, setReason] = useState('');
  const stop = (event: Event) => {
    event.preventDefault();
    ask((api) =>
      api.POST('/operations/bulk-runs/{id}/stop', {
        params: { path: { id } },
        body: { reason: reason.trim() },
      }),
    ).then(onStopped, (error: unknown) => toast(asApiError(error).message));
  };
  return (
    <form class="stop-form" onSubmit={stop}>
      <input
        class="input"
        aria-label={`Why run ${id} is stopped`}
        placeholder="Why it is stopped"
        required
        maxLength={500}
        value={reason}
        onInput={(event) => setReason(event.currentTarget.value)}
      />
      <button class="button" disabled={reason.trim() === ''}>
        Stop
      </button>
    </form>
  );
}

interface BulkProgressProps {
  readonly run: BulkRun;
  readonly withResults?: boolean;
  readonly onStopped: () => void;
}

/** How far a run is, what became of its dead letters, and how to stop it. */
export function BulkProgress({ run, withResults = false, onStopped }: BulkProgressProps) {
  const outcomes = Object.entries(run.outcomes);
  return (
    <div class="bulk-run" data-state={run.state}>
      <div class="bulk-head">
        <Badge tone={tones[run.state]}>{run.state}</Badge>
        <strong>
          {run.action}
          {run.dryRun && ', dry run: nothing is done'}
        </strong>
        <span>
          {formatCount(run.done)} of {formatCount(run.total)}
        </span>
        {outcomes.map(([outcome, count]) => (
          <Badge key={outcome} tone={outcomeTone(outcome)}>
            {formatCount(count)} {outcome}
          </Badge>
        ))}
      </div>
      <progress aria-label={`Progress of run ${run.id}`} max={Math.max(1, run.total)} value={run.done} />
      {run.waitingFor !== null && run.state === 'running' && <p class="dim">It waits: {run.waitingFor}</p>}
      {run.stopped !== null && <p class="dim">Stopped: {run.stopped.reason}</p>}
      {run.state === 'running' && <StopForm id={run.id} onStopped={onStopped} />}
      {withResults && run.results.length > 0 && (
        <ul class="replays" aria-label={run.dryRun ? 'What it would do' : 'What it did'}>
          {run.results.map(({ id, outcome, detail }) => (
            <li key={id} data-outcome={outcome}>
              <span class="mono">{id}</span>
              <Badge tone={outcomeTone(outcome)}>{outcome}</Badge>
              <span class="dim">{detail}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
