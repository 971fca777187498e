import { useState } from 'preact/hooks';
import { asApiError, type ApiError } from '../../../../client/api-error.ts';
import type { ReplayAnswer } from '../../../../client/api-types.ts';
import { ask } from '../../api/client.ts';
import { announce } from '../../ui/announce.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Badge, Failure, Loading } from '../../ui/states.tsx';
import { useRemote } from '../../ui/use-remote.ts';
import { outcomeNames, outcomeTone } from './replay-outcome.ts';

/** Without a reason it says only what would become of them. */
const replay = (ids: readonly string[], reason?: string): Promise<ReplayAnswer> =>
  ask((api) =>
    api.POST('/operations/dead-letters/replay', {
      body: { ids: [...ids], ...(reason === undefined ? { dryRun: true } : { reason }) },
    }),
  );

function Results({ answer }: { answer: ReplayAnswer }) {
  return (
    <ul class="replays" aria-label={answer.dryRun ? 'What a replay would do' : 'What the replay did'}>
      {answer.results.map(({ id, outcome, detail }) => (
        <li key={id} data-outcome={outcome}>
          <span class="mono">{id}</span>
          <Badge tone={outcomeTone(outcome)}>{outcomeNames[outcome][answer.dryRun ? 0 : 1]}</Badge>
          <span class="dim">{detail}</span>
        </li>
      ))}
    </ul>
  );
}

function doneText({ results }: ReplayAnswer): string {
  const applied = results.filter(({ outcome }) => outcome === 'applied').length;
  return `Replay: ${applied} of ${results.length} applied.`;
}

function foreseen(all: number, applied: number): string {
  if (applied === 0) return 'Nothing is done yet, and a replay would change nothing:';
  const those = all === 1 ? 'It' : applied === all ? `All ${all}` : `${applied} of ${all}`;
  return `Nothing is done yet. ${those} would be applied:`;
}

interface ReplayDialogProps {
  readonly ids: readonly string[];
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** First what a replay would do, then a reason, then the deed; who and why are recorded. */
export function ReplayDialog({ ids, onDone, onClose }: ReplayDialogProps) {
  const trial = useRemote(ids.join(), () => replay(ids));
  const [reason, setReason] = useState('');
  const [done, setDone] = useState<ReplayAnswer>();
  const [problem, setProblem] = useState<ApiError>();
  const [busy, setBusy] = useState(false);
  const applicable = trial.data?.results.filter(({ outcome }) => outcome === 'applied').length ?? 0;
  const submit = (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setProblem(undefined);
    replay(ids, reason.trim()).then(
      (answer) => {
        setDone(answer);
        announce(doneText(answer));
        onDone();
      },
      (error: unknown) => {
        setBusy(false);
        setProblem(asApiError(error));
      },
    );
  };
  return (
    <Dialog
      wide
      title={
        done ? doneText(done) : `Replay ${ids.length === 1 ? 'a dead letter' : `${ids.length} dead letters`}`
      }
      onClose={onClose}
      footer={
        <>
          <button type="button" class="button" onClick={onClose}>
            {done ? 'Close' : 'Cancel'}
          </button>
          {!done && (
            <button
              form="replay"
              class="button primary"
              disabled={busy || !trial.data || reason.trim() === ''}
            >
              {busy ? 'Replaying …' : 'Replay now'}
            </button>
          )}
        </>
      }
    >
      {trial.problem && <Failure problem={trial.problem} onRetry={trial.reload} />}
      {!trial.data && !trial.problem && <Loading rows={ids.length} label="Trying what a replay would do" />}
      {!done && trial.data && (
        <>
          <p>{foreseen(ids.length, applicable)}</p>
          <Results answer={trial.data} />
          <form id="replay" class="field" onSubmit={submit}>
            <label for="replay-reason">Why it is replayed; this is recorded with your name</label>
            <input
              id="replay-reason"
              class="input"
              required
              maxLength={500}
              autocomplete="off"
              value={reason}
              onInput={(event) => setReason(event.currentTarget.value)}
            />
          </form>
        </>
      )}
      {problem && <Failure problem={problem} />}
      {done && <Results answer={done} />}
    </Dialog>
  );
}
