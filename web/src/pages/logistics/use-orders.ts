import { useCallback, useEffect, useState } from 'preact/hooks';
import { asApiError, type ApiError } from '../../../../client/api-error.ts';
import type { OrderPage } from '../../../../client/api-types.ts';
import { ask } from '../../api/client.ts';
import { useRemote } from '../../ui/use-remote.ts';
import type { View } from './toolbar.tsx';

const pageSize = 100;
const period = 15_000;

const listOrders = (
  view: View,
  init: { readonly cursor?: string; readonly signal?: AbortSignal } = {},
): Promise<OrderPage> => {
  const { cursor, ...rest } = init;
  const query = { ...view, limit: pageSize, ...(cursor !== undefined && { cursor }) };
  return ask((api) => api.GET('/logistics/orders', { params: { query }, ...rest }));
};

/** Reads as many orders as are in hand, so that a refresh does not fold the list up. */
async function readOrders(view: View, atLeast: number, signal: AbortSignal): Promise<OrderPage> {
  let page = await listOrders(view, { signal });
  const orders = [...page.orders];
  while (page.next !== null && orders.length < atLeast) {
    page = await listOrders(view, { cursor: page.next, signal });
    orders.push(...page.orders);
  }
  return { ...page, orders };
}

const keptKey = (personId: string, key: string) => `darkroom.orders.${personId}.${key}`;

/** The last answer, for a reload without a connection. */
function kept(personId: string, key: string): OrderPage | undefined {
  const text = sessionStorage.getItem(keptKey(personId, key));
  return text === null ? undefined : (JSON.parse(text) as OrderPage);
}

/** Orders of a day, refreshed by themselves, page after page; what was read last is shown while nothing can be read. */
export function useOrders(personId: string, view: View) {
  const key = `${view.day}.${view.status}.${view.sort}`;
  const [wanted, setWanted] = useState(pageSize);
  useEffect(() => setWanted(pageSize), [key]);
  const remote = useRemote(
    key,
    async (signal) => {
      const page = await readOrders(view, wanted, signal);
      sessionStorage.setItem(
        keptKey(personId, key),
        JSON.stringify({ ...page, orders: page.orders.slice(0, 200) }),
      );
      return page;
    },
    { every: period },
  );
  const [problem, setProblem] = useState<ApiError>();
  const loadMore = useCallback(async () => {
    const cursor = remote.data?.next;
    if (cursor === null || cursor === undefined) return;
    try {
      const more = await listOrders(view, { cursor });
      remote.replace((page) => {
        const inHand = new Set(page.orders.map(({ orderId }) => orderId));
        const fresh = more.orders.filter(({ orderId }) => !inHand.has(orderId));
        setWanted(page.orders.length + fresh.length);
        return { ...page, orders: [...page.orders, ...fresh], next: more.next };
      });
      setProblem(undefined);
    } catch (error) {
      setProblem(asApiError(error));
    }
  }, [remote.data?.next, key]);
  const data = remote.data ?? (remote.problem ? kept(personId, key) : undefined);
  return { ...remote, data, problem: remote.problem ?? problem, loadMore };
}
