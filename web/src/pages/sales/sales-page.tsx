import { useLocation } from 'preact-iso';
import { useEffect, useState } from 'preact/hooks';
import { asApiError } from '../../../../client/api-error.ts';
import { answerOf } from '../../../../client/api.ts';
import type { Product, ProductSort } from '../../../../client/api-types.ts';
import { ask, openApi } from '../../api/client.ts';
import type { Person } from '../../session/session.ts';
import { toast } from '../../ui/announce.tsx';
import { DownloadIcon, TagIcon } from '../../ui/icons.tsx';
import { Page } from '../../ui/page.tsx';
import { fileNameOf, saveFile } from '../../ui/save-file.ts';
import { Segmented } from '../../ui/segmented.tsx';
import { AsOf, Empty, Failure, Loading } from '../../ui/states.tsx';
import { HistoryDialog } from './history-dialog.tsx';
import { CollisionDialog } from './collision-dialog.tsx';
import { ImportDialog, type Pasted } from './import-dialog.tsx';
import { ProductForm } from './product-form.tsx';
import { ProductsTable } from './products-table.tsx';
import './sales.css';
import { useCellEdits } from './use-cell-edits.ts';
import { usePaste } from './use-paste.ts';
import { useProducts, type Asked } from './use-products.ts';

const actives = [
  ['true', 'On sale'],
  ['false', 'Retired'],
  ['all', 'All'],
] as const;

const sorts: readonly (readonly [ProductSort, string])[] = [
  ['name', 'Name'],
  ['newest', 'Newest first'],
  ['cost', 'Cost'],
  ['weight', 'Weight'],
];

function askedIn(query: Readonly<Record<string, string>>): Asked {
  return {
    search: query['search'] ?? '',
    active: actives.find(([value]) => value === query['active'])?.[0] ?? 'true',
    sort: sorts.find(([value]) => value === query['sort'])?.[0] ?? 'name',
  };
}

const pathFor = ({ search, active, sort }: Asked): string =>
  `/sales?${new URLSearchParams({ active, sort, ...(search !== '' && { search }) }).toString()}`;

/** What is typed is asked for when the typing pauses. */
function Search({ value, onSearch }: { value: string; onSearch: (text: string) => void }) {
  const [text, setText] = useState(value);
  useEffect(() => {
    if (text === value) return;
    const timer = setTimeout(() => onSearch(text), 250);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <div class="field grow" role="search">
      <label for="product-search">Search</label>
      <input
        id="product-search"
        class="input"
        type="search"
        placeholder="Name or manufacturer"
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
      />
    </div>
  );
}

function Filters({ asked, onAsk }: { asked: Asked; onAsk: (asked: Asked) => void }) {
  return (
    <>
      <Search value={asked.search} onSearch={(search) => onAsk({ ...asked, search })} />
      <Segmented
        label="Show"
        options={actives}
        value={asked.active}
        onChange={(active) => onAsk({ ...asked, active })}
      />
      <div class="field">
        <label for="product-sort">Sort by</label>
        <select
          id="product-sort"
          class="input"
          value={asked.sort}
          onChange={(event) => {
            const sort = sorts.find(([value]) => value === event.currentTarget.value)?.[0];
            if (sort) onAsk({ ...asked, sort });
          }}
        >
          {sorts.map(([value, name]) => (
            <option key={value} value={value}>
              {name}
            </option>
          ))}
        </select>
      </div>
    </>
  );
}

/** In the version that is on the screen. */
const seen = ({ productId, etag }: Product) => ({
  params: { path: { id: productId }, header: { 'if-match': etag } },
});

const retire = (product: Product): Promise<Product> =>
  ask((api) => api.DELETE('/sales/products/{id}', seen(product)));

const restore = (product: Product): Promise<Product> =>
  ask((api) => api.POST('/sales/products/{id}/restore', seen(product)));

async function download(): Promise<void> {
  try {
    const api = await openApi();
    const { data, response } = await answerOf(api.GET('/sales/products/export', { parseAs: 'blob' }));
    saveFile(data, fileNameOf(response, 'products.csv'));
    toast('The file holds every product, on sale and retired; its first line says role, time and row count.');
  } catch (error) {
    toast(asApiError(error).message);
  }
}

export default function SalesPage({ person }: { person: Person }) {
  const { query, route } = useLocation();
  const asked = askedIn(query);
  const products = useProducts(asked);
  const { data, problem, loading, reload } = products;
  const [editing, setEditing] = useState<Product | 'new'>();
  const [lookingBack, setLookingBack] = useState<Product>();
  /** A file, or rows that were pasted into the table. */
  const [importing, setImporting] = useState<'file' | Pasted>();
  const edits = useCellEdits(products.put);
  usePaste(data?.products ?? [], setImporting);

  const change = (doing: Promise<Product>, done: string) => {
    doing.then(
      (product) => {
        products.put(product);
        toast(`${product.name} ${done}`);
      },
      (error: unknown) => {
        const found = asApiError(error);
        toast(found.status === 412 ? 'Somebody changed this product; look at it again.' : found.message);
        reload();
      },
    );
  };

  return (
    <Page
      title="Products"
      lead="Retiring takes a product off sale; nothing is ever deleted"
      aside={<AsOf at={data?.asOf} problem={problem} loading={loading} onRefresh={reload} />}
    >
      <section class="card" aria-label="Products">
        <header>
          <div class="toolbar product-tools">
            <Filters asked={asked} onAsk={(next) => route(pathFor(next), true)} />
            <span class="product-actions">
              <button class="button" onClick={() => void download()}>
                <DownloadIcon /> CSV
              </button>
              <button class="button" onClick={() => setImporting('file')}>
                Import
              </button>
              <button class="button primary" onClick={() => setEditing('new')}>
                Add product
              </button>
            </span>
          </div>
        </header>
        {problem && !data && (
          <div class="card-body">
            <Failure problem={problem} onRetry={reload} />
          </div>
        )}
        {!data && !problem && <Loading rows={10} />}
        {data?.products.length === 0 && (
          <Empty icon={<TagIcon />} title="No product matches">
            {asked.search !== '' && <>Nothing found for “{asked.search}”.</>}
          </Empty>
        )}
        {data && data.products.length > 0 && (
          <ProductsTable
            products={data.products}
            me={person.id}
            edits={edits}
            onEdit={setEditing}
            onHistory={setLookingBack}
            onRetire={(product) => change(retire(product), 'is retired. It can be restored any time.')}
            onRestore={(product) => change(restore(product), 'is on sale again.')}
          />
        )}
        {(products.onBack ?? products.onNext) && (
          <nav class="pager" aria-label="Pages of products">
            <button class="button" disabled={!products.onBack} onClick={products.onBack}>
              Back
            </button>
            <span class="dim">Page {products.page}</span>
            <button class="button" disabled={!products.onNext} onClick={products.onNext}>
              Next
            </button>
          </nav>
        )}
      </section>
      {editing !== undefined && (
        <ProductForm
          product={editing === 'new' ? undefined : editing}
          me={person.id}
          onClose={() => setEditing(undefined)}
          onSaved={(product, added) => {
            setEditing(undefined);
            toast(`${product.name} is ${added ? 'added' : 'saved'}.`);
            if (added) reload();
            else products.put(product);
          }}
        />
      )}
      {lookingBack && (
        <HistoryDialog
          product={lookingBack}
          me={person.id}
          onClose={() => setLookingBack(undefined)}
          onRestored={(product) => {
            setLookingBack(undefined);
            products.put(product);
            toast(`${product.name} is as it was.`);
          }}
        />
      )}
      {edits.collision && (
        <CollisionDialog collision={edits.collision} me={person.id} onSettle={edits.settle} />
      )}
      {importing && (
        <ImportDialog
          pasted={importing === 'file' ? undefined : importing}
          onClose={() => setImporting(undefined)}
          onDone={() => {
            setImporting(undefined);
            reload();
          }}
        />
      )}
    </Page>
  );
}
