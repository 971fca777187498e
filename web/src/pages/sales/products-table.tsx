import { useRef, useState } from 'preact/hooks';
import type { Product } from '../../../../client/api-types.ts';
import { Actor } from '../../ui/actor.tsx';
import { useGridFocus } from '../../ui/grid-focus.ts';
import { Badge } from '../../ui/states.tsx';
import { Time } from '../../ui/time.tsx';
import { ProductCell, type EditedCell } from './product-cell.tsx';
import { fields } from './product-fields.tsx';
import type { CellEdits } from './use-cell-edits.ts';

interface TableProps {
  readonly products: readonly Product[];
  readonly me: string;
  readonly edits: CellEdits;
  readonly onEdit: (product: Product) => void;
  readonly onHistory: (product: Product) => void;
  readonly onRetire: (product: Product) => void;
  readonly onRestore: (product: Product) => void;
}

interface RowProps extends Omit<TableProps, 'products'> {
  readonly product: Product;
  readonly edited: EditedCell | undefined;
  readonly onEditCell: (cell: EditedCell | undefined) => void;
}

function Actions({ product, onEdit, onHistory, onRetire, onRestore }: RowProps) {
  const actions = product.isActive
    ? ([
        ['History', onHistory, `History of ${product.name}`],
        ['Edit', onEdit, `Edit ${product.name}`],
        ['Retire', onRetire, `Retire ${product.name}`],
      ] as const)
    : ([
        ['History', onHistory, `History of ${product.name}`],
        ['Restore', onRestore, `Restore ${product.name}`],
      ] as const);
  return (
    <td class="row-actions">
      {actions.map(([name, run, label]) => (
        <button
          key={name}
          class="button quiet"
          data-stop
          tabIndex={-1}
          aria-label={label}
          onClick={() => run(product)}
        >
          {name}
        </button>
      ))}
    </td>
  );
}

function Row(props: RowProps) {
  const { product, me, edits, edited, onEditCell } = props;
  return (
    <tr data-product={product.productId} class={product.isActive ? '' : 'retired'}>
      {fields.map((field) => (
        <ProductCell
          key={field}
          product={product}
          field={field}
          edits={edits}
          edited={edited?.field === field ? edited : undefined}
          onEdit={onEditCell}
        />
      ))}
      <td data-label="State" data-stop tabIndex={-1} aria-readonly>
        {product.isActive ? <Badge tone="good">On sale</Badge> : <Badge tone="plain">Retired</Badge>}
      </td>
      <td data-label={product.isActive ? 'Changed' : 'Retired'} data-stop tabIndex={-1} aria-readonly>
        <span>
          <Time at={product.retiredAt ?? product.changedAt} />{' '}
          <small class="dim">
            by <Actor id={product.retiredBy ?? product.changedBy} me={me} />
          </small>
        </span>
      </td>
      <Actions {...props} />
    </tr>
  );
}

/** The products of a page as a grid, whose values are edited in place. */
export function ProductsTable(props: TableProps) {
  const table = useRef<HTMLTableElement>(null);
  const focus = useGridFocus(table);
  const [edited, setEdited] = useState<EditedCell>();
  return (
    <>
      <p id="products-keys" class="dim products-keys">
        Enter, F2 or a second click edits a value, Escape leaves it, Ctrl+Z takes the last change back. Rows
        of a spreadsheet can be pasted.
      </p>
      <div class="table-scroll">
        <table
          ref={table}
          class="cards products"
          role="grid"
          aria-describedby="products-keys"
          onFocusIn={focus.onFocusIn}
          onKeyDown={(event) => {
            const isUndo = event.key === 'z' && (event.ctrlKey || event.metaKey) && !event.shiftKey;
            if (!isUndo || edited) {
              focus.onKeyDown(event);
              return;
            }
            event.preventDefault();
            props.edits.undo();
          }}
        >
          <caption class="visually-hidden">Products</caption>
          <thead>
            <tr>
              <th scope="col">Product</th>
              <th scope="col">Manufacturer</th>
              <th scope="col" class="number">
                Cost
              </th>
              <th scope="col" class="number">
                Weight
              </th>
              <th scope="col">State</th>
              <th scope="col">Last change</th>
              <th scope="col">
                <span class="visually-hidden">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {props.products.map((product) => (
              <Row
                key={product.productId}
                {...props}
                product={product}
                edited={edited?.product.productId === product.productId ? edited : undefined}
                onEditCell={setEdited}
              />
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
