import { printTable } from '../../../client/table.ts';

export interface Outcome {
  readonly group: string;
  readonly name: string;
  readonly ok: boolean;
  /** Why, when it is not. */
  readonly detail?: string;
}

/** One line a group, then each failure with its reason. */
export function printOutcomes(outcomes: readonly Outcome[]): void {
  const groups = Map.groupBy(outcomes, ({ group }) => group);
  printTable(
    ['what is sent', 'requests', 'as it should be', 'not'],
    [...groups].map(([group, all]) => {
      const right = all.filter(({ ok }) => ok).length;
      return [group, String(all.length), String(right), String(all.length - right)];
    }),
  );
  for (const { group, name, detail } of outcomes.filter(({ ok }) => !ok))
    console.log(`FAILED ${group}: ${name}\n    ${detail ?? ''}`);
}
