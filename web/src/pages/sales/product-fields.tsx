import { useId } from 'preact/hooks';
import type { Issue, ProductChanges, ProductDetails } from '../../../../client/api-types.ts';
import { moneyPlaces, weightPlaces, type ReadDecimal } from '../../../../client/decimals.ts';
import { companyCurrency, formatMoney, formatWeight } from '../../ui/format.ts';
import { NumberField } from '../../ui/number-field.tsx';
import { editableDecimal, readDecimal } from '../../ui/read-decimal.ts';

export const fields = ['name', 'manufacturer', 'cost', 'weight'] as const;
export type Field = (typeof fields)[number];

export const labels: Readonly<Record<Field, string>> = {
  name: 'Name',
  manufacturer: 'Manufacturer',
  cost: 'Cost',
  weight: 'Weight in kg',
};

/** The API's decimals, and how many places each has at most. */
const decimals = {
  cost: { places: moneyPlaces, format: formatMoney, unit: companyCurrency },
  weight: { places: weightPlaces, format: formatWeight, unit: () => 'kg' },
} as const;
export const isDecimal = (field: Field): field is keyof typeof decimals => field in decimals;

/** A value of the API as it is shown. */
export const shownValue = (field: Field, value: string): string =>
  isDecimal(field) ? decimals[field].format(value) : value;

/** A value of the API as a person edits it: numbers in their own locale. */
export const editableValue = (field: Field, value: string): string =>
  isDecimal(field) ? editableDecimal(value) : value;

export const editable = (product: ProductDetails): ProductDetails => ({
  name: product.name,
  manufacturer: product.manufacturer,
  cost: editableDecimal(product.cost),
  weight: editableDecimal(product.weight),
});

/** What was typed, as the API takes it. */
export const readField = (field: Field, typed: string): ReadDecimal =>
  isDecimal(field)
    ? readDecimal(typed, decimals[field].places, decimals[field].unit())
    : { value: typed.trim() };

/** Why what was typed cannot be sent. */
export const issueIn = (read: ReadDecimal): string | undefined => {
  if ('value' in read) return undefined;
  return 'issue' in read ? read.issue : 'This can be two numbers: choose the one that is meant.';
};

/** What was typed in all fields, as the API takes it, and the issues of what it cannot be. */
export function readValues(typed: ProductDetails): { values: ProductDetails; issues: Issue[] } {
  const values = { ...typed };
  const issues: Issue[] = [];
  for (const field of fields) {
    const read = readField(field, typed[field]);
    if ('value' in read) values[field] = read.value;
    else issues.push({ code: 'number', path: `body.${field}`, message: issueIn(read)! });
  }
  return { values, issues };
}

/** Only what the person changed goes to the API, so that the rest cannot overwrite anybody. */
export const changesBetween = (before: ProductDetails, typed: ProductDetails): ProductChanges => {
  const { values } = readValues(typed);
  const old = readValues(before).values;
  return Object.fromEntries(
    fields.filter((field) => old[field] !== values[field]).map((field) => [field, values[field]]),
  );
};

export const issueOf = (issues: readonly Issue[], field: Field): string | undefined =>
  issues.find(({ path }) => path === `body.${field}` || path.endsWith(`.${field}`))?.message;

interface FieldProps {
  readonly field: Field;
  readonly value: string;
  readonly issue: string | undefined;
  readonly onInput: (value: string) => void;
  /** One of the two numbers that the text may mean was chosen. */
  readonly onChoose: (value: string) => void;
}

function TextField({ field, value, issue, onInput }: Omit<FieldProps, 'onChoose'>) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{labels[field]}</label>
      <input
        id={id}
        name={field}
        class="input"
        autocomplete="off"
        value={value}
        {...(issue !== undefined && { 'aria-invalid': true, 'aria-describedby': `${id}-issue` })}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
      {issue !== undefined && (
        <span class="field-error" id={`${id}-issue`}>
          {issue}
        </span>
      )}
    </div>
  );
}

/** A field of a product as it is edited, in the form as in the table. */
export const ProductField = ({ field, onChoose, ...shared }: FieldProps) =>
  isDecimal(field) ? (
    <NumberField name={field} label={labels[field]} {...decimals[field]} {...shared} onChoose={onChoose} />
  ) : (
    <TextField field={field} {...shared} />
  );
