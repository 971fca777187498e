import { useRef } from 'preact/hooks';
import type { Product } from '../../../../client/api-types.ts';
import { toast } from '../../ui/announce.tsx';
import { CellEditor } from './cell-editor.tsx';
import { editableValue, isDecimal, labels, readField, shownValue, type Field } from './product-fields.tsx';
import type { CellEdits } from './use-cell-edits.ts';
import { isBlock } from './use-paste.ts';

export interface EditedCell {
  /** In the version that the person saw when they began. */
  readonly product: Product;
  readonly field: Field;
  /** What was typed to begin, in place of what stood there. */
  readonly key?: string;
}

/** The next or previous cell that can be edited. */
const neighbourOf = (cell: HTMLElement, step: number): HTMLElement | undefined => {
  const cells = [...cell.closest('table')!.querySelectorAll<HTMLElement>('[data-field]')];
  return cells[cells.indexOf(cell) + step];
};

interface CellProps {
  readonly product: Product;
  readonly field: Field;
  readonly edits: CellEdits;
  readonly edited: EditedCell | undefined;
  readonly onEdit: (cell: EditedCell | undefined) => void;
}

/** A value that is edited in place. */
export function ProductCell({ product, field, edits, edited, onEdit }: CellProps) {
  const cell = useRef<HTMLTableCellElement>(null);
  const wasFocused = useRef(false);
  const unsaved = edits.unsavedOf(product, field);
  const start = (key?: string) => {
    if (product.isActive) onEdit({ product, field, ...(key !== undefined && { key }) });
    else toast(`${product.name} is retired: restore it before you edit it.`);
  };
  const leave = (to?: 'next' | 'previous') => {
    const next = to && neighbourOf(cell.current!, to === 'next' ? 1 : -1);
    (next ?? cell.current!).focus();
    onEdit(undefined);
  };
  const save = (base: Product, value: string, typed: string) => {
    onEdit(undefined);
    const before = readField(field, editableValue(field, base[field]));
    const isChanged = unsaved !== undefined || !('value' in before) || before.value !== value;
    if (isChanged) edits.save({ product: base, field, value, typed });
  };
  const keys = (event: KeyboardEvent) => {
    const { key } = event;
    if (event.target !== cell.current || event.altKey || event.ctrlKey || event.metaKey) return;
    if (key === 'Escape' && unsaved?.issue !== undefined) edits.drop(product, field);
    else if (key === 'Enter' || key === 'F2') start();
    else if (key.length === 1 && key !== ' ') start(key);
    else return;
    event.preventDefault();
  };
  const Tag = field === 'name' ? 'th' : 'td';
  const Text = isDecimal(field) ? 'span' : 'bdi';
  return (
    <Tag
      ref={cell}
      {...(field === 'name'
        ? { scope: 'row' }
        : { 'data-label': field === 'weight' ? 'Weight' : labels[field] })}
      class={isDecimal(field) ? 'number' : ''}
      data-stop
      data-field={field}
      tabIndex={-1}
      aria-readonly={!product.isActive}
      aria-busy={unsaved !== undefined && unsaved.issue === undefined}
      {...(unsaved?.issue !== undefined && { 'aria-invalid': true })}
      onKeyDown={keys}
      onPaste={(event: ClipboardEvent) => {
        const text = event.clipboardData?.getData('text/plain') ?? '';
        if (event.target !== cell.current || text.trim() === '' || isBlock(text)) return;
        event.preventDefault();
        start(text.trim());
      }}
      onMouseDown={() => {
        wasFocused.current = document.activeElement === cell.current;
      }}
      onClick={() => {
        if (wasFocused.current && !edited && String(getSelection()) === '') start();
      }}
    >
      {edited ? (
        <CellEditor
          field={field}
          first={edited.key ?? unsaved?.typed ?? editableValue(field, product[field])}
          isSelected={edited.key === undefined}
          onSave={(value, typed) => save(edited.product, value, typed)}
          onUnread={(typed, issue) => {
            onEdit(undefined);
            edits.keep(product, field, { typed, issue });
          }}
          onLeave={leave}
        />
      ) : (
        <Text>{unsaved?.typed ?? shownValue(field, product[field])}</Text>
      )}
      {!edited && unsaved?.issue !== undefined && <span class="field-error">{unsaved.issue}</span>}
    </Tag>
  );
}
