import { isEmbedded } from '../open.ts';
import { makeMembers, makeProducts, makeTransactions, type SeedPlan } from './generate.ts';
import type { SeedLoader } from './loader.ts';

export interface SeedRequest {
  readonly members: number;
  readonly products: number;
  readonly transactions: number;
  /** The same seed makes the same rows. */
  readonly seed?: number;
  readonly until?: Date;
  readonly years?: number;
}

export type SeedTable = 'products' | 'members' | 'transactions';
export type SeedProgress = (table: SeedTable, done: number, all: number) => void;

const batchRows = 5_000;

function* batches<T>(rows: Iterable<T>): Generator<T[]> {
  let batch: T[] = [];
  for (const row of rows) {
    batch.push(row);
    if (batch.length === batchRows) {
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}

async function loaderOf(address: string): Promise<SeedLoader> {
  return isEmbedded(address)
    ? (await import('./embedded.ts')).embeddedLoader(address)
    : (await import('./mssql.ts')).mssqlLoader(address);
}

/** Adds plausible members, products and orders to a database; `address` signs in as its owner. */
export async function seedDatabase(
  address: string,
  request: SeedRequest,
  progress: SeedProgress = () => undefined,
): Promise<void> {
  const { members, products, transactions } = request;
  if (transactions > 0 && (members < 1 || products < 1)) {
    throw new Error('Orders need at least one member and one product.');
  }
  const loader = await loaderOf(address);
  try {
    const first = await loader.reserve({ members, products, transactions });
    const plan: SeedPlan = {
      ...{ members, products, transactions },
      seed: request.seed ?? 1,
      until: request.until ?? new Date(),
      years: request.years ?? 2,
      memberBase: first.members,
      productBase: first.products,
      transactionBase: first.transactions,
    };
    const people = makeMembers(plan);
    const goods = makeProducts(plan);
    const load = async <T>(
      table: SeedTable,
      rows: Iterable<T>,
      all: number,
      put: (rows: T[]) => Promise<void>,
    ) => {
      let done = 0;
      for (const batch of batches(rows)) {
        await put(batch);
        done += batch.length;
        progress(table, done, all);
      }
    };
    await load('products', goods, products, (rows) => loader.products(rows));
    await load('members', people, members, (rows) => loader.members(rows));
    await load('transactions', makeTransactions(plan, people, goods), transactions, (rows) =>
      loader.transactions(rows),
    );
    await loader.finish();
  } finally {
    await loader.close();
  }
}
