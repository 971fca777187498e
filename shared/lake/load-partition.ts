import type { LakeFile, LakeStore } from './store/port.ts';
import { makeBudget } from './budget.ts';
import { mergeChanges, type Changes } from './merge.ts';
import type { Physical } from './parquet/physical.ts';
import { keyOf, writePartition, type PartitionWrite } from './partition-file.ts';
import type { LakeTable } from './schema-types.ts';

/** Changed rows of one partition that are held at once; more of them are merged in several steps. */
const maxChanges = 100_000;

/** Partitions that are finished beside each other while the next one is read; the weight is in rows. */
const writesAtOnce = { jobs: 8, weight: 25_000 };

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

interface OpenPartition {
  readonly path: string;
  /** A new file, written as the rows come … */
  readonly write: PartitionWrite | undefined;
  /** … or what is to be changed in the one that there is. */
  readonly changes: Changes;
}

/** Writes rows that come in the order of their partitions, in memory that does not grow with them. */
export class PartitionLoader {
  readonly #options: LoaderOptions;
  readonly #key: ReturnType<typeof keyOf>;
  readonly #seen = new Set<string>();
  readonly #budget = makeBudget(writesAtOnce);
  #open: OpenPartition | undefined;
  #written = 0;
  #bytesWritten = 0;

  constructor(options: LoaderOptions) {
    this.#options = options;
    this.#key = keyOf(options.table);
  }

  /** Takes rows partition by partition. A promise only where there is something to wait for: rows are many. */
  push(path: string, row: readonly Physical[]): Promise<void> | void {
    if (this.#open?.path === path) return this.#take(this.#open, row);
    return this.#turnTo(path).then((current) => this.#take(current, row));
  }

  async end(): Promise<{ written: number; bytesWritten: number }> {
    await this.#budget.settled();
    if (this.#open !== undefined) await this.#finish(this.#open);
    if (this.#options.rebuild) {
      // Before the others go: at no moment is a table without a file.
      if (this.#seen.size === 0) await this.#leaveEmpty();
      await this.#removeUnseen();
    }
    return { written: this.#written, bytesWritten: this.#bytesWritten };
  }

  async #turnTo(path: string): Promise<OpenPartition> {
    const last = this.#open;
    if (last !== undefined) await this.#budget.start(this.#rowsOf(last), () => this.#finish(last));
    return (this.#open = this.#start(path));
  }

  #start(path: string): OpenPartition {
    const { store, table, files, rebuild } = this.#options;
    const file = files.get(path);
    this.#seen.add(path);
    const isNew = file === undefined || rebuild;
    const write = isNew ? writePartition(store, table, path, file?.etag) : undefined;
    return { path, write, changes: new Map() };
  }

  #take({ path, write, changes }: OpenPartition, row: readonly Physical[]): Promise<void> | void {
    if (write !== undefined) return write.push(row);
    changes.set(
      this.#key((column) => row[column]!),
      row,
    );
    return changes.size < maxChanges ? undefined : this.#merge(path, changes);
  }

  #rowsOf({ path, write, changes }: OpenPartition): number {
    return (write?.rows ?? changes.size) + (this.#options.files.get(path)?.rows ?? 0);
  }

  async #finish({ path, write, changes }: OpenPartition): Promise<void> {
    if (write === undefined) await this.#merge(path, changes);
    else this.#keep(path, await write.commit());
  }

  async #merge(path: string, changes: Changes): Promise<void> {
    const { store, table, files } = this.#options;
    if (changes.size > 0) this.#keep(path, await mergeChanges(store, table, files.get(path)!, changes));
    changes.clear();
  }

  #keep(path: string, file: LakeFile): void {
    if (file === this.#options.files.get(path)) return;
    this.#options.files.set(path, file);
    this.#written += 1;
    this.#bytesWritten += file.bytes;
  }

  async #removeUnseen(): Promise<void> {
    const { store, files } = this.#options;
    for (const file of [...files.values()].filter(({ path }) => !this.#seen.has(path))) {
      await store.remove(file);
      files.delete(file.path);
    }
  }

  /** A view over no file at all fails: a table without rows has one empty file. */
  async #leaveEmpty(): Promise<void> {
    const { store, table, emptyPath, files } = this.#options;
    this.#seen.add(emptyPath);
    this.#keep(emptyPath, await writePartition(store, table, emptyPath, files.get(emptyPath)?.etag).commit());
  }
}
