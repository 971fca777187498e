import { DarkroomError } from '../../../platform/errors.ts';
import { leafHash, nodeHash, type ReadHash } from './merkle.ts';

/** C2SP tlog-tiles: a tree as files that are written once. https://c2sp.org/tlog-tiles */
export const tileWidth = 256;
const tileHeight = 8;
const hashBytes = 32;

export interface TileFiles {
  read(path: string): Promise<Buffer | undefined>;
  /** Writes a file that is not there yet; throws when it is there with other bytes. */
  add(path: string, bytes: Uint8Array): Promise<void>;
}

/** `x001/x234/067` for 1234067. */
function numberPath(value: number): string {
  const groups = [String(value % 1000).padStart(3, '0')];
  for (let rest = Math.floor(value / 1000); rest > 0; rest = Math.floor(rest / 1000)) {
    groups.unshift(`x${String(rest % 1000).padStart(3, '0')}`);
  }
  return groups.join('/');
}

const partial = (width: number): string => (width === tileWidth ? '' : `.p/${width}`);

export const tilePath = (level: number, index: number, width: number): string =>
  `tile/${level}/${numberPath(index)}${partial(width)}`;
export const entriesPath = (index: number, width: number): string =>
  `${entriesPrefix(index)}${partial(width)}`;

/** What the names of a bundle begin with, at whichever width; and the width that such a name says. */
export const entriesPrefix = (index: number): string => `tile/entries/${numberPath(index)}`;
export const widthIn = (path: string): number => Number(/\.p\/(\d+)$/.exec(path)?.[1] ?? tileWidth);

/** Entries of one bundle, each behind its length in two bytes. */
export const encodeEntries = (leaves: readonly Uint8Array[]): Buffer =>
  Buffer.concat(leaves.flatMap((leaf) => [Buffer.of(leaf.length >> 8, leaf.length & 0xff), leaf]));

export function decodeEntries(bundle: Buffer): Buffer[] {
  const leaves: Buffer[] = [];
  for (let at = 0; at < bundle.length;) {
    const length = bundle.readUInt16BE(at);
    if (at + 2 + length > bundle.length) throw new Error('A bundle of entries ends within an entry.');
    leaves.push(bundle.subarray(at + 2, at + 2 + length));
    at += 2 + length;
  }
  return leaves;
}

/** How many hashes a level has in a tree of that size. */
const sizeAt = (level: number, size: number): number => Math.floor(size / tileWidth ** level);
const widthOf = (level: number, index: number, size: number): number =>
  Math.min(tileWidth, sizeAt(level, size) - index * tileWidth);

const hashesIn = (tile: Buffer): Buffer[] =>
  Array.from({ length: tile.length / hashBytes }, (_, at) =>
    tile.subarray(at * hashBytes, (at + 1) * hashBytes),
  );

/** Root of a complete subtree, of which there are 2^n hashes. */
function fold(hashes: readonly Buffer[]): Buffer {
  let level = [...hashes];
  while (level.length > 1) {
    level = Array.from({ length: level.length / 2 }, (_, at) => nodeHash(level[2 * at]!, level[2 * at + 1]!));
  }
  return level[0]!;
}

/** Reads each file once; a proof asks for the same tiles again and again. */
function cached(files: Pick<TileFiles, 'read'>) {
  const read = new Map<string, Promise<Buffer>>();
  const required = async (path: string): Promise<Buffer> => {
    const bytes = await files.read(path);
    if (bytes !== undefined) return bytes;
    throw new DarkroomError('unavailable', `The ledger's file ${path} is not there.`);
  };
  return (path: string): Promise<Buffer> => {
    const found = read.get(path) ?? required(path);
    read.set(path, found);
    return found;
  };
}

/** Hashes of a tree of `size` leaves, out of its tiles. */
export function hashesOf(files: Pick<TileFiles, 'read'>, size: number): ReadHash {
  const read = cached(files);
  return async (level, index) => {
    const tileLevel = Math.floor(level / tileHeight);
    const count = 2 ** (level % tileHeight);
    const tile = Math.floor((index * count) / tileWidth);
    const hashes = hashesIn(await read(tilePath(tileLevel, tile, widthOf(tileLevel, tile, size))));
    const from = index * count - tile * tileWidth;
    return fold(hashes.slice(from, from + count));
  };
}

/** The first leaf that the tiles of a tree of `size` need again when it grows. */
export const firstUnfinished = (size: number): number => size - (size % tileWidth);

/** The files that a tree adds when it grows from `old` to `size`. */
export function* filesBetween(old: number, size: number): Iterable<string> {
  for (let at = firstUnfinished(old); at < size; at += tileWidth) {
    yield entriesPath(at / tileWidth, Math.min(tileWidth, size - at));
  }
  for (let level = 0; sizeAt(level, size) > sizeAt(level, old); level += 1) {
    const first = Math.floor(sizeAt(level, old) / tileWidth);
    for (let tile = first; widthOf(level, tile, size) > 0; tile += 1) {
      yield tilePath(level, tile, widthOf(level, tile, size));
    }
  }
}

/** Adds the tiles of a tree that grew from `old` to `size`; `leaves` are those from `firstUnfinished(old)` on. */
export async function addTiles(
  files: TileFiles,
  { old, size, leaves }: { old: number; size: number; leaves: readonly Buffer[] },
): Promise<void> {
  const start = firstUnfinished(old);
  for (let at = 0; at < leaves.length; at += tileWidth) {
    const bundle = leaves.slice(at, at + tileWidth);
    await files.add(entriesPath((start + at) / tileWidth, bundle.length), encodeEntries(bundle));
  }
  let hashes = leaves.map(leafHash);
  for (let level = 0; sizeAt(level, size) > sizeAt(level, old); level += 1) {
    const first = Math.floor(sizeAt(level, old) / tileWidth);
    const complete: Buffer[] = [];
    for (let tile = first; widthOf(level, tile, size) > 0; tile += 1) {
      const at = (tile - first) * tileWidth;
      const own = hashes.slice(at, at + widthOf(level, tile, size));
      await files.add(tilePath(level, tile, own.length), Buffer.concat(own));
      if (own.length === tileWidth) complete.push(fold(own));
    }
    hashes = [...(await unfinishedOf(files, level + 1, old)), ...complete];
  }
}

/** The hashes of a level's last tile, which is not full, as the tree of that size has it. */
async function unfinishedOf(files: TileFiles, level: number, size: number): Promise<Buffer[]> {
  const tile = Math.floor(sizeAt(level, size) / tileWidth);
  const width = widthOf(level, tile, size);
  if (width === 0) return [];
  return hashesIn(await cached(files)(tilePath(level, tile, width)));
}
