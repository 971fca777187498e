import { useEffect, useState } from 'preact/hooks';
import { listProducts, type Product, type ProductQuery } from '../../api/sales.ts';
import { useRemote } from '../../ui/use-remote.ts';

const pageSize = 50;

/** A page of products at a time, with the way back: cursors only lead on. */
export function useProducts(query: ProductQuery) {
  const key = `${query.search ?? ''}|${query.active}|${query.sort}`;
  const [place, setPlace] = useState({ key, cursors: [undefined] as readonly (string | undefined)[] });
  const cursors = place.key === key ? place.cursors : [undefined];
  const cursor = cursors.at(-1);
  useEffect(() => setPlace({ key, cursors: [undefined] }), [key]);
  const remote = useRemote(`${key}|${cursor ?? ''}`, (signal) =>
    listProducts({ ...query, cursor, limit: pageSize }, signal),
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
