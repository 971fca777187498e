import type { LakeFile, LakeStore } from './store/port.ts';
import { makeBudget } from './budget.ts';
import { mergeChanges, type Changes } from './merge.ts';
import type { Physical } from './parquet/physical.ts';
import { keyOf, writePartition, type PartitionWrite } from './partition-file.ts';
import type { LakeTable } from './schema-types.ts';

/** Changed rows of one partition that are held at once; more of them are brought in in several goes. */
const maxChanges = 100_000;

/** Partitions that are brought to an end beside each other while the next one is read; the weight is in rows. */
const writesAtOnce = { jobs: 8, weight: 100_000 };

export interface PartitionLoader {
  /** Takes rows partition by partition. */
  push(path: string, row: readonly Physical[]): Promise<void> | void;
  end(): Promise<{ written: number; bytesWritten: number }>;
}

export interface LoaderOptions {
  readonly store: LakeStore;
  readonly table: LakeTable;
  /** The files as they are; kept up to date with what is written. */
  readonly files: Map<string, LakeFile>;
  /** The file of a table that has no rows. */
  readonly emptyPath: string;
  /** Replace files instead of changing them, and remove those that get no row. */
  readonly rebuild: boolean;
}

interface Open {
  readonly path: string;
  /** A new file, written as the rows come … */
  readonly write: PartitionWrite | undefined;
  /** … or what is to be changed in the one that there is. */
  readonly changes: Changes;
}

/** Writes rows that come in the order of their partitions, in memory that does not grow with them. */
export function makePartitionLoader({
  store,
  table,
  files,
  emptyPath,
  rebuild,
}: LoaderOptions): PartitionLoader {
  const key = keyOf(table);
  const seen = new Set<string>();
  let open: Open | undefined;
  let written = 0;
  let bytesWritten = 0;
  const budget = makeBudget(writesAtOnce);

  const start = (path: string): Open => {
    const file = files.get(path);
    seen.add(path);
    const write = file === undefined || rebuild ? writePartition(store, table, path, file?.etag) : undefined;
    return { path, write, changes: new Map() };
  };

  async function settle({ path, write, changes }: Open): Promise<void> {
    if (write === undefined) await bringIn(path, changes);
    else keep(path, await write.commit());
  }

  const rowsOf = ({ path, write, changes }: Open): number =>
    (write?.rows ?? changes.size) + (files.get(path)?.rows ?? 0);

  async function turnTo(path: string): Promise<Open> {
    const last = open;
    if (last !== undefined) await budget.start(rowsOf(last), () => settle(last));
    return (open = start(path));
  }

  /** A promise only where there is something to wait for: rows are many. */
  function take({ path, write, changes }: Open, row: readonly Physical[]): Promise<void> | void {
    if (write !== undefined) return write.push(row);
    changes.set(
      key((column) => row[column]!),
      row,
    );
    return changes.size < maxChanges ? undefined : bringIn(path, changes);
  }

  async function bringIn(path: string, changes: Changes): Promise<void> {
    if (changes.size > 0) keep(path, await mergeChanges(store, table, files.get(path)!, changes));
    changes.clear();
  }

  function keep(path: string, file: LakeFile): void {
    if (file === files.get(path)) return;
    files.set(path, file);
    written += 1;
    bytesWritten += file.bytes;
  }

  async function removeUnseen(): Promise<void> {
    for (const file of [...files.values()].filter(({ path }) => !seen.has(path))) {
      await store.remove(file);
      files.delete(file.path);
    }
  }

  /** A view over no file at all fails: a table without rows has one empty file. */
  async function leaveEmpty(): Promise<void> {
    keep(emptyPath, await writePartition(store, table, emptyPath, undefined).commit());
  }

  return {
    push(path, row) {
      return open?.path === path ? take(open, row) : turnTo(path).then((current) => take(current, row));
    },
    async end() {
      await budget.settled();
      if (open !== undefined) await settle(open);
      if (rebuild) await removeUnseen();
      if (files.size === 0) await leaveEmpty();
      return { written, bytesWritten };
    },
  };
}
