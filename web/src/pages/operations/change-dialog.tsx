import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { asApiError, type ApiError } from '../../../../client/api-error.ts';
import { announce } from '../../ui/announce.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Failure, Loading } from '../../ui/states.tsx';
import { useRemote } from '../../ui/use-remote.ts';

/** What a change did, or would do: a line for each thing that it is about. */
export interface ChangeAnswer {
  readonly results: readonly { readonly name: string; readonly changes: boolean; readonly detail: string }[];
}

interface ChangeDialogProps {
  readonly title: string;
  /** On the button. */
  readonly verb: string;
  /** Names what is asked for: another one is tried anew. */
  readonly asked: string;
  /** Without a reason it says only what would change. */
  readonly change: (reason?: string) => Promise<ChangeAnswer>;
  readonly onDone: () => void;
  readonly onClose: () => void;
  /** Fields that say what is wanted. */
  readonly children?: ComponentChildren;
}

function Results({ answer }: { answer: ChangeAnswer }) {
  return (
    <ul class="replays">
      {answer.results.map(({ name, changes, detail }) => (
        <li key={name} data-outcome={changes ? 'changed' : 'unchanged'}>
          <strong class="mono">{name}</strong>
          <span class="dim">{detail}</span>
        </li>
      ))}
    </ul>
  );
}

/** First what a change would do, then a reason, then the change; who and why are recorded. */
export function ChangeDialog(props: ChangeDialogProps) {
  const { title, verb, asked, change, onDone, onClose, children } = props;
  const trial = useRemote(`${title}.${asked}`, () => change());
  const [reason, setReason] = useState('');
  const [done, setDone] = useState<ChangeAnswer>();
  const [problem, setProblem] = useState<ApiError>();
  const [busy, setBusy] = useState(false);
  const isOfUse = trial.data?.results.some(({ changes }) => changes) === true;
  const submit = (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setProblem(undefined);
    change(reason.trim()).then(
      (answer) => {
        setDone(answer);
        announce(`${title}: done.`);
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
      title={done ? `${title}: done` : title}
      onClose={onClose}
      footer={
        <>
          <button type="button" class="button" onClick={onClose}>
            {done ? 'Close' : 'Cancel'}
          </button>
          {!done && (
            <button form="change" class="button primary" disabled={busy || !isOfUse || reason.trim() === ''}>
              {busy ? 'Working …' : verb}
            </button>
          )}
        </>
      }
    >
      {!done && children}
      {trial.problem && <Failure problem={trial.problem} onRetry={trial.reload} />}
      {!trial.data && !trial.problem && <Loading rows={1} label="Trying what it would do" />}
      {!done && trial.data && (
        <>
          <p>{isOfUse ? 'Nothing is done yet. This would happen:' : 'Nothing would change:'}</p>
          <Results answer={trial.data} />
          <form id="change" class="field" onSubmit={submit}>
            <label for="change-reason">Why; this is recorded with your name</label>
            <input
              id="change-reason"
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
