import { azuriteModule } from './loki.ts';

/** Azurite looks so often for files that nothing is in any more. Milliseconds. */
export const collectEveryMs = 60_000;
/** A file in which nothing was ever seen may be that of a request that goes on; after so many looks it is not. */
const unnamedLooks = 10;

interface Page {
  readonly done: boolean;
  readonly value: readonly string[];
}

interface Collector {
  readonly referredExtentsProvider: { iteratorExtents(): { next(): Promise<Page> } };
  readonly extentStore: { deleteExtents(ids: Iterable<string>): Promise<number> };
  getAllExtents(): Promise<Set<string>>;
}

interface Files {
  readonly activeWriteExtents: readonly { readonly id: string; readonly appendStatus: number }[];
}

const isWriting = 1;

async function referredBy({ referredExtentsProvider }: Collector): Promise<Set<string>> {
  const ids = new Set<string>();
  const pages = referredExtentsProvider.iteratorExtents();
  for (let page = await pages.next(); !page.done || page.value.length > 0; page = await pages.next())
    for (const id of page.value) ids.add(id);
  return ids;
}

/**
 * Which files may go: nothing was in them at the last look and at this one. Twice, since blocks that are committed meanwhile are
 * neither among the blobs, which are looked at first, nor among the blocks.
 */
function makeChoice(everyMs: number) {
  const named = new Set<string>();
  const emptySince = new Map<string, number>();
  return (all: ReadonlySet<string>, referred: ReadonlySet<string>): string[] => {
    const now = performance.now();
    const chosen: string[] = [];
    for (const id of all) {
      const since = emptySince.get(id);
      if (referred.has(id)) named.add(id);
      if (referred.has(id)) emptySince.delete(id);
      else if (since === undefined) emptySince.set(id, now);
      else if (named.has(id) || now - since > unnamedLooks * everyMs) chosen.push(id);
    }
    for (const id of [...named, ...emptySince.keys()].filter((one) => !all.has(one))) {
      named.delete(id);
      emptySince.delete(id);
    }
    return chosen;
  };
}

/**
 * Makes the disk have what is stored, and no more for ever. Azurite writes blobs of all kinds behind each other into files of 64 MB, and
 * a file stays while one blob in it does: entries of the ledger stay for ever, so every file would. Here each write has a file of its
 * own. To be called before Azurite's other modules are loaded.
 */
export function collectFiles(everyMs: number): void {
  Object.assign(azuriteModule('dist/src/common/utils/constants'), {
    DEFAULT_MAX_EXTENT_SIZE: 0,
    // What is young is not named yet: see `makeChoice`.
    DEFAULT_EXTENT_GC_PROTECT_TIME_IN_MS: 0,
  });
  Object.assign(azuriteModule('dist/src/blob/utils/constants'), { DEFAULT_GC_INTERVAL_MS: everyMs });

  const { default: files } = azuriteModule('dist/src/common/persistence/FSExtentStore') as {
    default: { prototype: { isActiveExtent: (this: Files, id: string) => boolean } };
  };
  // No file is written to twice, so the one that was written to last is kept for no later write.
  files.prototype.isActiveExtent = function (id) {
    return this.activeWriteExtents.some((file) => file.id === id && file.appendStatus === isWriting);
  };

  const { default: collector } = azuriteModule('dist/src/blob/gc/BlobGCManager') as {
    default: { prototype: { markSweep: (this: Collector) => Promise<void> } };
  };
  const choose = makeChoice(everyMs);
  collector.prototype.markSweep = async function () {
    const all = await this.getAllExtents();
    await this.extentStore.deleteExtents(choose(all, await referredBy(this)));
  };
}
