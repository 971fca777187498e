import { TriedDialog, type TriedDialogProps } from './tried-dialog.tsx';

/** What a change did, or would do: a line for each thing that it is about. */
export interface ChangeAnswer {
  readonly results: readonly { readonly name: string; readonly changes: boolean; readonly detail: string }[];
}

const isOfUse = ({ results }: ChangeAnswer): boolean => results.some(({ changes }) => changes);

const results = (answer: ChangeAnswer) => (
  <ul class="replays">
    {answer.results.map(({ name, changes, detail }) => (
      <li key={name} data-outcome={changes ? 'changed' : 'unchanged'}>
        <strong class="mono">{name}</strong>
        <span class="dim">{detail}</span>
      </li>
    ))}
  </ul>
);

type ChangeDialogProps = Omit<TriedDialogProps<ChangeAnswer>, 'show' | 'foreseen' | 'mayAct' | 'doneText'>;

/** A change that is tried first, and made only where it changes something. */
export const ChangeDialog = (props: ChangeDialogProps) => (
  <TriedDialog
    {...props}
    show={results}
    mayAct={isOfUse}
    foreseen={(answer) =>
      isOfUse(answer) ? 'Nothing is done yet. This would happen:' : 'Nothing would change:'
    }
    doneText={() => `${props.title}: done`}
  />
);
