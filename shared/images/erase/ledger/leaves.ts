import type { Database } from '../../../database/port.ts';
import { leafOf } from './leaf.ts';

const role = 'storage_writer';

/** Leaves that have a place, from `from` to before `to`. */
export async function leavesFrom(database: Database, from: number, to: number): Promise<Buffer[]> {
  const leaves: Buffer[] = [];
  const rows = database.stream(role, 'ledger', {
    where: [
      { column: 'leaf_index', operator: '>=', value: from },
      { column: 'leaf_index', operator: '<', value: to },
    ],
    orderBy: [['leaf_index', 'asc']],
  });
  for await (const batch of rows) leaves.push(...batch.map((row) => Buffer.from(leafOf(row))));
  return leaves;
}

/** The same, and behind them, in their order, entries that wait for the next places. */
export async function leavesToCome(database: Database, from: number, to: number): Promise<Buffer[]> {
  const placed = await leavesFrom(database, from, to);
  const limit = to - from - placed.length;
  if (limit === 0) return placed;
  const waiting = await database.query(role, 'ledger_waiting', { orderBy: [['entry', 'asc']], limit });
  return [...placed, ...waiting.map((row) => Buffer.from(leafOf(row)))];
}
