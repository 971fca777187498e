import type { TileFiles } from '../../shared/images/erase/ledger/tiles.ts';

/** Files that are written once, in memory. */
export function memoryFiles() {
  const files = new Map<string, Buffer>();
  const store: TileFiles = {
    read: (path) => Promise.resolve(files.get(path)),
    add(path, bytes) {
      const before = files.get(path);
      if (before !== undefined && !before.equals(bytes)) throw new Error(`${path} is written already.`);
      files.set(path, Buffer.from(bytes));
      return Promise.resolve();
    },
  };
  return { ...store, files };
}
