import type { DeadLetterCount } from '../../../../client/api-types.ts';
import { Segmented } from '../../ui/segmented.tsx';
import { choices, type Choice, type DeadLetterQuery } from './dead-letter-query.ts';

const shows = [
  ['open', 'Open'],
  ['all', 'All'],
] as const;

const names: Readonly<Record<Choice, string>> = {
  code: 'Code',
  stage: 'Stage',
  hub: 'Hub',
  day: 'Day (UTC)',
};

interface FiltersProps {
  readonly query: DeadLetterQuery;
  readonly counts: readonly DeadLetterCount[];
  readonly onQuery: (query: DeadLetterQuery) => void;
}

/** What the list is narrowed to: of each kind, what there is. */
export function DeadLetterFilters({ query, counts, onQuery }: FiltersProps) {
  const choose = (name: Choice, value: string) => {
    const next = { ...query, [name]: value };
    if (value === '') Reflect.deleteProperty(next, name);
    onQuery(next);
  };
  return (
    <>
      <Segmented
        label="Show"
        options={shows}
        value={query.show}
        onChange={(show) => onQuery({ ...query, show })}
      />
      {choices.map((name) => {
        const values = new Set([
          ...counts.map((one) => one[name]),
          ...(query[name] === undefined ? [] : [query[name]]),
        ]);
        return (
          <div key={name} class="field letters-filter">
            <label for={`letters-${name}`}>{names[name]}</label>
            <select
              id={`letters-${name}`}
              class="input"
              value={query[name] ?? ''}
              onChange={(event) => choose(name, event.currentTarget.value)}
            >
              <option value="">All</option>
              {[...values].sort().map((value) => (
                <option key={value} value={value}>
                  {value}
                </option>
              ))}
            </select>
          </div>
        );
      })}
    </>
  );
}
