import { useEffect, useState } from 'preact/hooks';
import type { Product, ProductSort } from '../../../../client/api-types.ts';
import { ask } from '../../api/client.ts';
import { useRemote } from '../../ui/use-remote.ts';

export const pageSize = 50;

export interface Asked {
  readonly search: string;
  readonly active: 'true' | 'false' | 'all';
  readonly sort: ProductSort;
}

/** A page of products at a time, with the way back: cursors only lead on. */
export function useProducts({ search, active, sort }: Asked) {
  const key = `${search}|${active}|${sort}`;
  const [place, setPlace] = useState({ key, cursors: [undefined] as readonly (string | undefined)[] });
  const cursors = place.key === key ? place.cursors : [undefined];
  const cursor = cursors.at(-1);
  useEffect(() => setPlace({ key, cursors: [undefined] }), [key]);
  const query = {
    ...{ active, sort, limit: pageSize },
    ...(search !== '' && { search }),
    ...(cursor !== undefined && { cursor }),
  };
  const remote = useRemote(`${key}|${cursor ?? ''}`, (signal) =>
    ask((api) => api.GET('/sales/products', { params: { query }, signal })),
  );
  const next = remote.data?.next ?? null;
  return {
    ...remote,
    page: cursors.length,
    onNext: next === null ? undefined : () => setPlace({ key, cursors: [...cursors, next] }),
    onBack: cursors.length === 1 ? undefined : () => setPlace({ key, cursors: cursors.slice(0, -1) }),
    /** Puts a product that was changed in its place. */
    put: (product: Product) =>
      remote.replace((page) => ({
        ...page,
        products: page.products.map((one) => (one.productId === product.productId ? product : one)),
      })),
  };
}
