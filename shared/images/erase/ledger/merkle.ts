import { createHash } from 'node:crypto';

/** Hash of the complete subtree of 2^level leaves that begins at leaf `index * 2^level`. */
export type ReadHash = (level: number, index: number) => Promise<Buffer>;

const sha256 = (prefix: number, ...parts: readonly Uint8Array[]): Buffer => {
  const hash = createHash('sha256').update(Uint8Array.of(prefix));
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** RFC 6962, section 2.1. */
export const leafHash = (leaf: Uint8Array): Buffer => sha256(0, leaf);
export const nodeHash = (left: Uint8Array, right: Uint8Array): Buffer => sha256(1, left, right);
export const emptyRoot = (): Buffer => createHash('sha256').digest();

/** The largest power of two below a size of two or more. */
const split = (size: number): number => 2 ** Math.floor(Math.log2(size - 1));

/** Root of the leaves from `from` to before `to`, a range as RFC 6962 divides a tree. */
export async function rootOf(read: ReadHash, from: number, to: number): Promise<Buffer> {
  const size = to - from;
  if (size === 0) return emptyRoot();
  const level = Math.log2(size);
  if (Number.isInteger(level)) return read(level, from / size);
  const middle = from + split(size);
  return nodeHash(await rootOf(read, from, middle), await rootOf(read, middle, to));
}

/** Takes leaves one after the other and knows the root at each size. */
export function growingTree() {
  /** Complete subtrees, the largest first. */
  const roots: { readonly size: number; readonly hash: Buffer }[] = [];
  return {
    add(leaf: Uint8Array): void {
      let added = { size: 1, hash: leafHash(leaf) };
      while (roots.at(-1)?.size === added.size) {
        added = { size: 2 * added.size, hash: nodeHash(roots.pop()!.hash, added.hash) };
      }
      roots.push(added);
    },
    root: (): Buffer =>
      roots.length === 0
        ? emptyRoot()
        : roots.map(({ hash }) => hash).reduceRight((right, left) => nodeHash(left, right)),
  };
}

/** RFC 6962, section 2.1.1: the hashes that lead from a leaf to the root, nearest first. */
export async function proveInclusion(read: ReadHash, leaf: number, size: number): Promise<Buffer[]> {
  const path = async (from: number, to: number): Promise<Buffer[]> => {
    if (to - from === 1) return [];
    const middle = from + split(to - from);
    return leaf < middle
      ? [...(await path(from, middle)), await rootOf(read, middle, to)]
      : [...(await path(middle, to)), await rootOf(read, from, middle)];
  };
  return path(0, size);
}

/** RFC 6962, section 2.1.2: that the tree of `size` begins with that of `old` leaves, 0 < old. */
export async function proveConsistency(read: ReadHash, old: number, size: number): Promise<Buffer[]> {
  const path = async (from: number, to: number, isWhole: boolean): Promise<Buffer[]> => {
    if (old === to) return isWhole ? [] : [await rootOf(read, from, to)];
    const middle = from + split(to - from);
    return old <= middle
      ? [...(await path(from, middle, isWhole)), await rootOf(read, middle, to)]
      : [...(await path(middle, to, false)), await rootOf(read, from, middle)];
  };
  return path(0, size, true);
}

const half = (value: number): number => Math.floor(value / 2);
const isOdd = (value: number): boolean => value % 2 === 1;

/** RFC 9162, section 2.1.3.2. */
export function checkInclusion(
  leaf: { readonly hash: Buffer; readonly index: number },
  head: { readonly size: number; readonly root: Buffer },
  proof: readonly Buffer[],
): boolean {
  if (leaf.index >= head.size || leaf.index < 0) return false;
  let [place, last, hash] = [leaf.index, head.size - 1, leaf.hash];
  for (const sibling of proof) {
    if (last === 0) return false;
    if (isOdd(place) || place === last) {
      hash = nodeHash(sibling, hash);
      while (!isOdd(place) && place !== 0) [place, last] = [half(place), half(last)];
    } else {
      hash = nodeHash(hash, sibling);
    }
    [place, last] = [half(place), half(last)];
  }
  return last === 0 && hash.equals(head.root);
}

export interface TreeHead {
  readonly size: number;
  readonly root: Buffer;
}

/** RFC 9162, section 2.1.4.2. The empty tree is the beginning of every tree. */
export function checkConsistency(old: TreeHead, head: TreeHead, proof: readonly Buffer[]): boolean {
  if (old.size > head.size) return false;
  if (old.size === 0) return proof.length === 0 && old.root.equals(emptyRoot());
  if (old.size === head.size) return proof.length === 0 && old.root.equals(head.root);
  const isPowerOfTwo = Number.isInteger(Math.log2(old.size));
  const [first, ...path] = isPowerOfTwo ? [old.root, ...proof] : proof;
  if (first === undefined) return false;
  let [place, last, oldHash, newHash] = [old.size - 1, head.size - 1, first, first];
  while (isOdd(place)) [place, last] = [half(place), half(last)];
  for (const sibling of path) {
    if (last === 0) return false;
    if (isOdd(place) || place === last) {
      [oldHash, newHash] = [nodeHash(sibling, oldHash), nodeHash(sibling, newHash)];
      while (!isOdd(place) && place !== 0) [place, last] = [half(place), half(last)];
    } else {
      newHash = nodeHash(newHash, sibling);
    }
    [place, last] = [half(place), half(last)];
  }
  return last === 0 && oldHash.equals(old.root) && newHash.equals(head.root);
}
