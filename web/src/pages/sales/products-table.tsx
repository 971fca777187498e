import type { Product } from '../../../../client/api-types.ts';
import { Actor } from '../../ui/actor.tsx';
import { formatMoney, formatWeight } from '../../ui/format.ts';
import { Badge } from '../../ui/states.tsx';
import { Time } from '../../ui/time.tsx';

interface TableProps {
  readonly products: readonly Product[];
  readonly me: string;
  readonly onEdit: (product: Product) => void;
  readonly onHistory: (product: Product) => void;
  readonly onRetire: (product: Product) => void;
  readonly onRestore: (product: Product) => void;
}

function Row({
  product,
  me,
  onEdit,
  onHistory,
  onRetire,
  onRestore,
}: Omit<TableProps, 'products'> & { product: Product }) {
  return (
    <tr data-product={product.productId} class={product.isActive ? '' : 'retired'}>
      <th scope="row">
        <bdi>{product.name}</bdi>
        <br />
        <small class="dim">
          <bdi>{product.manufacturer}</bdi>
        </small>
      </th>
      <td class="number" data-label="Cost">
        {formatMoney(product.cost)}
      </td>
      <td class="number" data-label="Weight">
        {formatWeight(product.weight)}
      </td>
      <td data-label="State">
        {product.isActive ? <Badge tone="good">On sale</Badge> : <Badge tone="plain">Retired</Badge>}
      </td>
      <td data-label={product.isActive ? 'Changed' : 'Retired'}>
        <span>
          <Time at={product.retiredAt ?? product.changedAt} />{' '}
          <small class="dim">
            by <Actor id={product.retiredBy ?? product.changedBy} me={me} />
          </small>
        </span>
      </td>
      <td class="row-actions">
        <button
          class="button quiet"
          aria-label={`History of ${product.name}`}
          onClick={() => onHistory(product)}
        >
          History
        </button>
        {product.isActive ? (
          <>
            <button class="button quiet" aria-label={`Edit ${product.name}`} onClick={() => onEdit(product)}>
              Edit
            </button>
            <button
              class="button quiet"
              aria-label={`Retire ${product.name}`}
              onClick={() => onRetire(product)}
            >
              Retire
            </button>
          </>
        ) : (
          <button
            class="button quiet"
            aria-label={`Restore ${product.name}`}
            onClick={() => onRestore(product)}
          >
            Restore
          </button>
        )}
      </td>
    </tr>
  );
}

export function ProductsTable(props: TableProps) {
  return (
    <div class="table-scroll">
      <table class="cards products">
        <caption class="visually-hidden">Products</caption>
        <thead>
          <tr>
            <th scope="col">Product</th>
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
            <Row key={product.productId} {...props} product={product} />
          ))}
        </tbody>
      </table>
    </div>
  );
}
