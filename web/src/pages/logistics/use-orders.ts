import { useCallback, useEffect, useState } from 'preact/hooks';
import { listOrders, type Order, type OrderPage, type OrderQuery } from '../../api/logistics.ts';
import { asProblem, type Problem } from '../../api/problem.ts';
import { useRemote } from '../../ui/use-remote.ts';

const pageSize = 100;
const period = 15_000;

/** Reads as many orders as are in hand, so that a refresh does not fold the list up. */
async function readOrders(query: OrderQuery, atLeast: number, signal: AbortSignal): Promise<OrderPage> {
  let page = await listOrders({ ...query, limit: pageSize }, signal);
  const orders: Order[] = [...page.orders];
  while (page.next !== null && orders.length < atLeast) {
    page = await listOrders({ ...query, limit: pageSize, cursor: page.next }, signal);
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
export function useOrders(personId: string, query: OrderQuery) {
  const key = `${query.day}.${query.status}.${query.sort}`;
  const [wanted, setWanted] = useState(pageSize);
  useEffect(() => setWanted(pageSize), [key]);
  const remote = useRemote(
    key,
    async (signal) => {
      const page = await readOrders(query, wanted, signal);
      sessionStorage.setItem(
        keptKey(personId, key),
        JSON.stringify({ ...page, orders: page.orders.slice(0, 200) }),
      );
      return page;
    },
    { every: period },
  );
  const [problem, setProblem] = useState<Problem>();
  const loadMore = useCallback(async () => {
    const cursor = remote.data?.next;
    if (cursor === null || cursor === undefined) return;
    try {
      const more = await listOrders({ ...query, limit: pageSize, cursor });
      remote.replace((page) => {
        const inHand = new Set(page.orders.map(({ orderId }) => orderId));
        const fresh = more.orders.filter(({ orderId }) => !inHand.has(orderId));
        setWanted(page.orders.length + fresh.length);
        return { ...page, orders: [...page.orders, ...fresh], next: more.next };
      });
      setProblem(undefined);
    } catch (error) {
      setProblem(asProblem(error));
    }
  }, [remote.data?.next, key]);
  const data = remote.data ?? (remote.problem ? kept(personId, key) : undefined);
  return { ...remote, data, problem: remote.problem ?? problem, loadMore };
}
