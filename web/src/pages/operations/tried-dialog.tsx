import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { asApiError, type ApiError } from '../../../../client/api-error.ts';
import { announce } from '../../ui/announce.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Failure, Loading } from '../../ui/states.tsx';
import { useRemote } from '../../ui/use-remote.ts';
import { ReasonField } from './reason-field.tsx';

export interface TriedDialogProps<Answer> {
  readonly title: string;
  /** On the button, with "now". */
  readonly verb: string;
  /** Names what is asked for: another one is tried anew. */
  readonly asked: string;
  /** Without a reason it says only what would happen. */
  readonly act: (reason?: string) => Promise<Answer>;
  readonly show: (answer: Answer) => ComponentChildren;
  /** Stands before what would happen. */
  readonly foreseen: (answer: Answer) => string;
  /** That an answer has, as far as the page knows. */
  readonly rows?: number;
  readonly mayAct?: (answer: Answer) => boolean;
  /** What was done, as the title and aloud. */
  readonly doneText: (answer: Answer) => string;
  readonly onDone: () => void;
  readonly onClose: () => void;
  /** Fields that say what is wanted. */
  readonly children?: ComponentChildren;
}

/** First what would happen, then a reason, then the action; who and why are recorded. */
export function TriedDialog<Answer>(props: TriedDialogProps<Answer>) {
  const { title, verb, asked, act, show, foreseen, rows = 1, mayAct, doneText, onDone, onClose } = props;
  const trial = useRemote(`${title}.${asked}`, () => act());
  const [reason, setReason] = useState('');
  const [done, setDone] = useState<Answer>();
  const [problem, setProblem] = useState<ApiError>();
  const [busy, setBusy] = useState(false);
  const ready = trial.data !== undefined && (mayAct?.(trial.data) ?? true);
  const submit = (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setProblem(undefined);
    act(reason.trim()).then(
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
      title={done ? doneText(done) : title}
      onClose={onClose}
      footer={
        <>
          <button type="button" class="button" onClick={onClose}>
            {done ? 'Close' : 'Cancel'}
          </button>
          {!done && (
            <button form="tried" class="button primary" disabled={busy || !ready || reason.trim() === ''}>
              {busy ? 'Working …' : `${verb} now`}
            </button>
          )}
        </>
      }
    >
      {!done && props.children}
      {trial.problem && <Failure problem={trial.problem} onRetry={trial.reload} />}
      {!trial.data && !trial.problem && <Loading rows={rows} label="Trying what it would do" />}
      {!done && trial.data && (
        <>
          <p>{foreseen(trial.data)}</p>
          {show(trial.data)}
          <form id="tried" onSubmit={submit}>
            <ReasonField id="tried-reason" value={reason} onReason={setReason} />
          </form>
        </>
      )}
      {problem && <Failure problem={problem} />}
      {done && show(done)}
    </Dialog>
  );
}
