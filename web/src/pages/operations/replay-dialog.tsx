import type { ReplayAnswer } from '../../../../client/api-types.ts';
import { ask } from '../../api/client.ts';
import { Badge } from '../../ui/states.tsx';
import { outcomeNames, outcomeTone } from './replay-outcome.ts';
import { TriedDialog } from './tried-dialog.tsx';

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

const appliedIn = ({ results }: ReplayAnswer): number =>
  results.filter(({ outcome }) => outcome === 'applied').length;

const doneText = (answer: ReplayAnswer): string =>
  `Replay: ${appliedIn(answer)} of ${answer.results.length} applied.`;

function foreseen(answer: ReplayAnswer): string {
  const [all, applied] = [answer.results.length, appliedIn(answer)];
  if (applied === 0) return 'Nothing is done yet, and a replay would change nothing:';
  const those = all === 1 ? 'It' : applied === all ? `All ${all}` : `${applied} of ${all}`;
  return `Nothing is done yet. ${those} would be applied:`;
}

interface ReplayDialogProps {
  readonly ids: readonly string[];
  readonly onDone: () => void;
  readonly onClose: () => void;
}

export const ReplayDialog = ({ ids, ...rest }: ReplayDialogProps) => (
  <TriedDialog
    title={`Replay ${ids.length === 1 ? 'a dead letter' : `${ids.length} dead letters`}`}
    verb="Replay"
    asked={ids.join()}
    act={(reason) => replay(ids, reason)}
    show={(answer) => <Results answer={answer} />}
    foreseen={foreseen}
    rows={ids.length}
    doneText={doneText}
    {...rest}
  />
);
