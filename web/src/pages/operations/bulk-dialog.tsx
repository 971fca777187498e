import { useState } from 'preact/hooks';
import { asApiError, type ApiError } from '../../../../client/api-error.ts';
import type { BulkFilter, BulkRun } from '../../../../client/api-types.ts';
import { ask } from '../../api/client.ts';
import { announce } from '../../ui/announce.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { formatCount } from '../../ui/format.ts';
import { Failure } from '../../ui/states.tsx';
import { BulkProgress, useBulkRun } from './bulk-progress.tsx';
import { ReasonField } from './reason-field.tsx';

/** Which dead letters: all open ones that a filter finds, or the named ones. */
export type BulkTarget = { readonly filter: BulkFilter } | { readonly ids: readonly string[] };

interface BulkDialogProps {
  readonly action: BulkRun['action'];
  readonly target: BulkTarget;
  /** Open ones, as far as the page knows. */
  readonly count: number;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

const verbs = { replay: 'Replay', discard: 'Discard' } as const;

const start = (
  { action, target }: Pick<BulkDialogProps, 'action' | 'target'>,
  how: { dryRun: boolean; reason: string; perMinute: number | undefined },
): Promise<BulkRun> =>
  ask((api) =>
    api.POST('/operations/bulk-runs', {
      body: {
        ...{ action, dryRun: how.dryRun },
        ...('ids' in target ? { ids: [...target.ids] } : { filter: target.filter }),
        ...(how.reason !== '' && { reason: how.reason }),
        ...(how.perMinute !== undefined && { perMinute: how.perMinute }),
      },
    }),
  );

/** Work on many dead letters: a dry run first, on wish, then the real one; it goes on when the dialog is closed. */
export function BulkDialog({ action, target, count, onClose, onDone }: BulkDialogProps) {
  const [reason, setReason] = useState('');
  const [rate, setRate] = useState('');
  const [problem, setProblem] = useState<ApiError>();
  const [busy, setBusy] = useState(false);
  const { run, follow, reload } = useBulkRun();
  const isReal = run !== undefined && !run.dryRun;

  const begin = (dryRun: boolean) => {
    setBusy(true);
    setProblem(undefined);
    const perMinute = rate === '' || dryRun ? undefined : Number(rate);
    start({ action, target }, { dryRun, reason: reason.trim(), perMinute }).then(
      (begun) => {
        setBusy(false);
        follow(begun);
        announce(`${verbs[action]}: ${begun.done} of ${begun.total} done.`);
        if (!dryRun) onDone();
      },
      (error: unknown) => {
        setBusy(false);
        setProblem(asApiError(error));
      },
    );
  };
  const subject = `${formatCount(count)} dead ${count === 1 ? 'letter' : 'letters'}`;
  return (
    <Dialog
      wide
      title={`${verbs[action]} ${subject}`}
      onClose={onClose}
      footer={
        <>
          <button type="button" class="button" onClick={onClose}>
            Close
          </button>
          {!isReal && (
            <>
              <button type="button" class="button" disabled={busy} onClick={() => begin(true)}>
                Try first
              </button>
              <button form="bulk" class="button primary" disabled={busy || reason.trim() === ''}>
                {verbs[action]} all now
              </button>
            </>
          )}
        </>
      }
    >
      {!isReal && (
        <form
          id="bulk"
          class="bulk-form"
          onSubmit={(event) => {
            event.preventDefault();
            begin(false);
          }}
        >
          <p>
            {action === 'replay'
              ? 'Each goes through the pipeline again. “Try first” says what would become of each and changes nothing.'
              : 'Nobody will replay them, and they no longer need attention. Their records stay until their time is up.'}
          </p>
          <ReasonField id="bulk-reason" value={reason} onReason={setReason} />
          {action === 'replay' && (
            <div class="field">
              <label for="bulk-rate">At most so many a minute; empty for as fast as it goes</label>
              <input
                id="bulk-rate"
                class="input"
                type="number"
                min={1}
                max={60_000}
                value={rate}
                onInput={(event) => setRate(event.currentTarget.value)}
              />
            </div>
          )}
        </form>
      )}
      {problem && <Failure problem={problem} />}
      {run && <BulkProgress run={run} withResults onStopped={reload} />}
    </Dialog>
  );
}
