import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { asApiError, type ApiError } from '../../../../client/api-error.ts';
import type { Issue, Product, ProductDetails } from '../../../../client/api-types.ts';
import { ask } from '../../api/client.ts';
import { announce } from '../../ui/announce.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Failure } from '../../ui/states.tsx';
import { Conflict } from './conflict.tsx';
import {
  changesBetween,
  editable,
  editableValue,
  fields,
  issueOf,
  ProductField,
  readValues,
} from './product-fields.tsx';

const empty: ProductDetails = { name: '', manufacturer: '', cost: '', weight: '' };

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
          base={base}
          mine={values}
          theirs={theirs}
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
        {fields.map((field) => (
          <ProductField
            key={field}
            field={field}
            value={values[field]}
            issue={issueOf(shownIssues, field)}
            onInput={(value) => setValues({ ...values, [field]: value })}
            onChoose={(value) => {
              setValues({ ...values, [field]: editableValue(field, value) });
              setUnread(unread.filter(({ path }) => path !== `body.${field}`));
            }}
          />
        ))}
      </form>
      {base && <p class="dim">What was sold keeps the price and the weight that it had.</p>}
    </Dialog>
  );
}
