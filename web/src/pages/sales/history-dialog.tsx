import { useState } from 'preact/hooks';
import { asApiError, type ApiError } from '../../../../client/api-error.ts';
import type { Product, ProductVersion } from '../../../../client/api-types.ts';
import { ask } from '../../api/client.ts';
import { Actor } from '../../ui/actor.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { formatMoney, formatWeight } from '../../ui/format.ts';
import { ScrollArea } from '../../ui/scroll-area.tsx';
import { Failure, Loading } from '../../ui/states.tsx';
import { Time } from '../../ui/time.tsx';
import { useRemote } from '../../ui/use-remote.ts';
import { fields } from './product-fields.tsx';

interface RowProps {
  readonly version: ProductVersion;
  readonly before: ProductVersion | undefined;
  readonly me: string;
  /** None where it would change nothing. */
  readonly onRestore: (() => void) | undefined;
}

/** A version, with what it changed in bold. */
function Row({ version, before, me, onRestore }: RowProps) {
  const cell = (name: string, field: keyof ProductVersion, text: string, isNumber = false) => (
    <td data-label={name} class={isNumber ? 'number' : ''}>
      {before && before[field] !== version[field] ? (
        <strong>
          <bdi>{text}</bdi>
        </strong>
      ) : (
        <bdi>{text}</bdi>
      )}
    </td>
  );
  return (
    <tr>
      <th scope="row">
        <Time at={version.changedAt} clock />{' '}
        <small class="dim">
          by <Actor id={version.changedBy} me={me} />
        </small>
      </th>
      {cell('Name', 'name', version.name)}
      {cell('Manufacturer', 'manufacturer', version.manufacturer)}
      {cell('Cost', 'cost', formatMoney(version.cost), true)}
      {cell('Weight', 'weight', formatWeight(version.weight), true)}
      {cell('State', 'isActive', version.isActive ? 'On sale' : 'Retired')}
      <td class="row-actions">
        {onRestore && (
          <button class="button quiet" onClick={onRestore}>
            Restore
          </button>
        )}
      </td>
    </tr>
  );
}

interface HistoryDialogProps {
  readonly product: Product;
  readonly me: string;
  readonly onRestored: (product: Product) => void;
  readonly onClose: () => void;
}

/** Who made what of a product, and when; each version's values can be restored, as a change of its own. */
export function HistoryDialog({ product, me, onRestored, onClose }: HistoryDialogProps) {
  const path = { id: product.productId };
  const [refusal, setRefusal] = useState<ApiError>();
  const remote = useRemote(`history.${product.productId}.${product.etag}`, (signal) =>
    ask((api) => api.GET('/sales/products/{id}/history', { params: { path }, signal })),
  );
  const { data, problem, reload } = remote;
  const [now] = data?.versions ?? [];
  const restore = ({ name, manufacturer, cost, weight }: ProductVersion, etag: string) => {
    setRefusal(undefined);
    ask((api) =>
      api.PATCH('/sales/products/{id}', {
        params: { path, header: { 'if-match': etag } },
        body: { name, manufacturer, cost, weight },
      }),
    ).then(onRestored, (error: unknown) => {
      setRefusal(asApiError(error));
      reload();
    });
  };
  const isOther = (version: ProductVersion) =>
    now !== undefined && fields.some((field) => version[field] !== now[field]);
  return (
    <Dialog wide title="History" onClose={onClose}>
      <p>
        <bdi>{product.name}</bdi>
      </p>
      {now && !now.isActive && <p class="dim">The product is retired: restore it before its values.</p>}
      {(refusal ?? problem) && <Failure problem={(refusal ?? problem)!} onRetry={reload} />}
      {!data && !problem && <Loading rows={4} />}
      {data && now && (
        <ScrollArea class="short" label="Versions, the present one first">
          <table class="cards">
            <thead>
              <tr>
                <th scope="col">When and who</th>
                <th scope="col">Name</th>
                <th scope="col">Manufacturer</th>
                <th scope="col" class="number">
                  Cost
                </th>
                <th scope="col" class="number">
                  Weight
                </th>
                <th scope="col">State</th>
                <th scope="col">
                  <span class="visually-hidden">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {data.versions.map((version, index) => (
                <Row
                  key={version.etag}
                  version={version}
                  before={data.versions[index + 1]}
                  me={me}
                  onRestore={now.isActive && isOther(version) ? () => restore(version, now.etag) : undefined}
                />
              ))}
            </tbody>
          </table>
        </ScrollArea>
      )}
    </Dialog>
  );
}
