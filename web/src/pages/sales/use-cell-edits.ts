import { useRef, useState } from 'preact/hooks';
import { asApiError } from '../../../../client/api-error.ts';
import type { Product } from '../../../../client/api-types.ts';
import { ask } from '../../api/client.ts';
import { announce, toast } from '../../ui/announce.tsx';
import { editableValue, issueOf, labels, shownValue, type Field } from './product-fields.tsx';

export interface Unsaved {
  readonly typed: string;
  /** Why it is not saved; without one it is being saved. */
  readonly issue?: string;
}

export interface CellEdit {
  /** In the version that the person saw. */
  readonly product: Product;
  readonly field: Field;
  readonly value: string;
  readonly typed: string;
}

/** An edit of a product that somebody else had changed. */
export interface Collision extends CellEdit {
  readonly theirs: Product;
}

interface Saved {
  readonly product: Product;
  readonly field: Field;
  readonly before: string;
}

const cellOf = ({ productId }: Product, field: Field): string => `${productId}.${field}`;
const versionOf = ({ productId, etag }: Product): string => `${productId} ${etag}`;

const correct = ({ productId, etag }: Product, field: Field, value: string): Promise<Product> =>
  ask((api) =>
    api.PATCH('/sales/products/{id}', {
      params: { path: { id: productId }, header: { 'if-match': etag } },
      body: { [field]: value },
    }),
  );

/** Saves cells one after the other while the person goes on; each can be taken back. */
export function useCellEdits(put: (product: Product) => void) {
  const [unsaved, setUnsaved] = useState<ReadonlyMap<string, Unsaved>>(new Map());
  const [collision, setCollision] = useState<Collision>();
  const saving = useRef(Promise.resolve());
  /** What the person's own edits made of a version: the next edit does not collide with them. */
  const successors = useRef(new Map<string, Product>());
  const history = useRef<Saved[]>([]);

  const note = (product: Product, field: Field, entry: Unsaved | undefined) =>
    setUnsaved((now) => {
      const next = new Map(now);
      if (entry) next.set(cellOf(product, field), entry);
      else next.delete(cellOf(product, field));
      return next;
    });
  const newest = (product: Product): Product => {
    const next = successors.current.get(versionOf(product));
    return next ? newest(next) : product;
  };
  const refuse = async (edit: CellEdit, base: Product, error: unknown) => {
    const { product, field, typed } = edit;
    const problem = asApiError(error);
    const issue = issueOf(problem.issues, field) ?? problem.message;
    note(product, field, { typed, issue });
    if (problem.status !== 412) {
      toast(`${labels[field]} of ${product.name} is not saved: ${issue}`);
      return;
    }
    const path = { id: product.productId };
    const theirs = await ask((api) => api.GET('/sales/products/{id}', { params: { path } }));
    put(theirs);
    setCollision({ ...edit, product: base, theirs });
    announce('Somebody changed this product while you were editing it.');
  };
  const send = async (edit: CellEdit, isUndo: boolean) => {
    const { product, field, value } = edit;
    const base = newest(product);
    try {
      const saved = await correct(base, field, value);
      successors.current.set(versionOf(base), saved);
      put(saved);
      note(product, field, undefined);
      const done = { product: saved, field, before: base[field] };
      if (!isUndo) history.current.push(done);
      toast(
        `${labels[field]} of ${saved.name} is ${isUndo ? 'again ' : ''}${shownValue(field, saved[field])}.`,
        isUndo ? {} : { action: { label: 'Undo', run: () => takeBack(done) } },
      );
    } catch (error) {
      await refuse(edit, base, error).catch((next: unknown) => toast(asApiError(next).message));
    }
  };
  const save = (edit: CellEdit, isUndo = false) => {
    note(edit.product, edit.field, { typed: edit.typed });
    saving.current = saving.current.then(() => send(edit, isUndo));
  };
  const takeBack = (done: Saved) => {
    const { product, field, before } = done;
    history.current = history.current.filter((one) => one !== done);
    save({ product, field, value: before, typed: editableValue(field, before) }, true);
  };

  return {
    collision,
    save,
    unsavedOf: (product: Product, field: Field) => unsaved.get(cellOf(product, field)),
    /** What was typed stays in sight, with why it cannot be saved. */
    keep: (product: Product, field: Field, entry: Unsaved) => note(product, field, entry),
    drop: (product: Product, field: Field) => note(product, field, undefined),
    undo: () => {
      const last = history.current.at(-1);
      if (last) takeBack(last);
      else announce('There is no change to take back.');
    },
    /** The collision is over: with mine in place of theirs, with theirs, or left as it is. */
    settle: (choice?: 'mine' | 'theirs') => {
      setCollision(undefined);
      if (!collision || choice === undefined) return;
      if (choice === 'mine') save({ ...collision, product: collision.theirs });
      else note(collision.product, collision.field, undefined);
    },
  };
}

export type CellEdits = ReturnType<typeof useCellEdits>;
