import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { asApiError, type ApiError } from '../../../../client/api-error.ts';
import type { Issue, Product, ProductChanges, ProductDetails } from '../../../../client/api-types.ts';
import { moneyPlaces, weightPlaces } from '../../../../client/decimals.ts';
import { ask } from '../../api/client.ts';
import { announce } from '../../ui/announce.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { formatMoney, formatWeight } from '../../ui/format.ts';
import { NumberField } from '../../ui/number-field.tsx';
import { editableDecimal, readDecimal } from '../../ui/read-decimal.ts';
import { Failure } from '../../ui/states.tsx';
import { Conflict, fields, type Field } from './conflict.tsx';

const empty: ProductDetails = { name: '', manufacturer: '', cost: '', weight: '' };

const labels: Readonly<Record<Field, string>> = {
  name: 'Name',
  manufacturer: 'Manufacturer',
  cost: 'Cost',
  weight: 'Weight in kg',
};

/** The API's decimals, and how many places each has at most. */
const decimals = {
  cost: { places: moneyPlaces, format: formatMoney },
  weight: { places: weightPlaces, format: formatWeight },
} as const;
const isDecimal = (field: Field): field is keyof typeof decimals => field in decimals;

/** As a person edits it: numbers in their own locale. */
const editable = (product: ProductDetails): ProductDetails => ({
  name: product.name,
  manufacturer: product.manufacturer,
  cost: editableDecimal(product.cost),
  weight: editableDecimal(product.weight),
});

/** What was typed, as the API takes it, and the issues of what it cannot be. */
function readValues(typed: ProductDetails): { values: ProductDetails; issues: Issue[] } {
  const values = { ...typed };
  const issues: Issue[] = [];
  for (const field of fields) {
    const read = isDecimal(field)
      ? readDecimal(typed[field], decimals[field].places)
      : { value: typed[field].trim() };
    if ('value' in read) values[field] = read.value;
    else
      issues.push({
        code: 'number',
        path: `body.${field}`,
        message: 'issue' in read ? read.issue : 'This can be two numbers: choose the one that is meant.',
      });
  }
  return { values, issues };
}

/** Only what the person changed goes to the API, so that the rest cannot overwrite anybody. */
const changesBetween = (before: ProductDetails, typed: ProductDetails): ProductChanges => {
  const { values } = readValues(typed);
  const old = readValues(before).values;
  return Object.fromEntries(
    fields.filter((field) => old[field] !== values[field]).map((field) => [field, values[field]]),
  );
};

const issueOf = (issues: readonly Issue[], field: Field): string | undefined =>
  issues.find(({ path }) => path === `body.${field}` || path.endsWith(`.${field}`))?.message;

interface InputProps {
  readonly field: Field;
  readonly value: string;
  readonly issue: string | undefined;
  readonly onInput: (value: string) => void;
}

function Input({ field, value, issue, onInput }: InputProps) {
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

interface ProductFormProps {
  /** The product to correct; none to add one. */
  readonly product?: Product | undefined;
  readonly me: string;
  readonly onSaved: (product: Product, added: boolean) => void;
  readonly onClose: () => void;
}

/** Adds or corrects a product. What is wrong with a value is the API's to say; it is shown at its field. */
export function ProductForm({ product, me, onSaved, onClose }: ProductFormProps) {
  const [base, setBase] = useState(product);
  const [values, setValues] = useState<ProductDetails>(product ? editable(product) : empty);
  const [problem, setProblem] = useState<ApiError>();
  const [unread, setUnread] = useState<readonly Issue[]>([]);
  const [theirs, setTheirs] = useState<Product>();
  const [busy, setBusy] = useState(false);
  const formId = useId();

  const fail = async (error: unknown) => {
    const found = asApiError(error);
    if (base && found.status === 412) {
      setTheirs(
        await ask((api) => api.GET('/sales/products/{id}', { params: { path: { id: base.productId } } })),
      );
      setProblem(undefined);
      announce('Somebody changed this product while you were editing it.');
    } else {
      setProblem(found);
    }
    setBusy(false);
  };
  const save = (event: Event) => {
    event.preventDefault();
    setProblem(undefined);
    const read = readValues(values);
    setUnread(read.issues);
    if (read.issues.length > 0) return;
    setBusy(true);
    ask((api) =>
      base
        ? api.PATCH('/sales/products/{id}', {
            params: { path: { id: base.productId }, header: { 'if-match': base.etag } },
            body: changesBetween(editable(base), values),
          })
        : api.POST('/sales/products', { body: read.values }),
    ).then(
      (saved) => onSaved(saved, base === undefined),
      (error: unknown) => fail(error).catch((next: unknown) => setProblem(asApiError(next))),
    );
  };
  const unchanged = base !== undefined && Object.keys(changesBetween(editable(base), values)).length === 0;
  const form = useRef<HTMLFormElement>(null);
  // The first field with an issue gets the focus, and so it is read out; a failure without a field is announced.
  useLayoutEffect(
    () => form.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus(),
    [problem, unread],
  );
  const shownIssues = [...unread, ...(problem?.issues ?? [])];
  const placed = fields.filter((field) => issueOf(shownIssues, field) !== undefined);

  return (
    <Dialog
      title={base ? 'Correct product' : 'Add product'}
      onClose={onClose}
      footer={
        <>
          <button type="button" class="button" onClick={onClose}>
            Cancel
          </button>
          <button class="button primary" form={formId} disabled={busy || unchanged || theirs !== undefined}>
            {busy ? 'Saving …' : 'Save'}
          </button>
        </>
      }
    >
      {theirs && base && (
        <Conflict
          base={editable(base)}
          mine={values}
          theirs={theirs}
          now={editable(theirs)}
          labels={labels}
          me={me}
          onKeepMine={() => {
            setBase(theirs);
            setTheirs(undefined);
          }}
          onTakeTheirs={() => {
            setBase(theirs);
            setValues(editable(theirs));
            setTheirs(undefined);
          }}
        />
      )}
      {problem && placed.length === 0 && <Failure problem={problem} />}
      <form ref={form} id={formId} class="product-form" noValidate onSubmit={save}>
        {fields.map((field) => {
          const set = (value: string) => setValues({ ...values, [field]: value });
          const shared = { value: values[field], issue: issueOf(shownIssues, field), onInput: set };
          return isDecimal(field) ? (
            <NumberField
              key={field}
              name={field}
              label={labels[field]}
              {...decimals[field]}
              {...shared}
              onChoose={(value) => {
                set(editableDecimal(value));
                setUnread(unread.filter(({ path }) => path !== `body.${field}`));
              }}
            />
          ) : (
            <Input key={field} field={field} {...shared} />
          );
        })}
      </form>
      {base && <p class="dim">What was sold keeps the price and the weight that it had.</p>}
    </Dialog>
  );
}
