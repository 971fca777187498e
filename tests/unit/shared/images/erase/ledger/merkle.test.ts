import { describe, expect, test } from '@jest/globals';
import {
  checkConsistency,
  checkInclusion,
  emptyRoot,
  growingTree,
  leafHash,
  nodeHash,
  proveConsistency,
  proveInclusion,
  rootOf,
  type ReadHash,
} from '../../../../../../shared/images/erase/ledger/merkle.ts';

/** Leaves, roots and proofs of the test vectors of RFC 6962's authors (certificate-transparency, merkle_tree_test). */
const leaves = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
].map((hex) => Buffer.from(hex, 'hex'));
const roots = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];
const [leaf1, leaf5] = [leafHash(leaves[1]!), leafHash(leaves[4]!)];
const pair2 = '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e';
const right4 = '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4';
const last2 = 'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0';

/** All of the tree in memory. */
const readerOf = (all: readonly Buffer[]): ReadHash => {
  const hashes = all.map(leafHash);
  const read: ReadHash = async (level, index) =>
    level === 0
      ? hashes[index]!
      : nodeHash(await read(level - 1, 2 * index), await read(level - 1, 2 * index + 1));
  return read;
};
const read = readerOf(leaves);
const hex = (hashes: readonly Buffer[]): string[] => hashes.map((hash) => hash.toString('hex'));
const headOf = (size: number) => ({ size, root: Buffer.from(roots[size - 1]!, 'hex') });

describe('a Merkle tree', () => {
  test('of nothing has the digest of nothing as its root', () => {
    expect(emptyRoot().toString('hex')).toBe(
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    );
    expect(growingTree().root()).toEqual(emptyRoot());
  });

  test.each(roots.map((root, at) => [at + 1, root] as const))(
    'of %d leaves has the root of RFC 6962',
    async (size, root) => {
      expect((await rootOf(read, 0, size)).toString('hex')).toBe(root);
      const tree = growingTree();
      for (const leaf of leaves.slice(0, size)) tree.add(leaf);
      expect(tree.root().toString('hex')).toBe(root);
    },
  );

  test.each([
    [0, 8, [leaf1.toString('hex'), pair2, right4]],
    [5, 8, [leaf5.toString('hex'), last2, roots[3]]],
    [2, 3, [roots[1]]],
    [1, 5, [roots[0], pair2, leaf5.toString('hex')]],
    [0, 1, []],
  ])('has the audit path of RFC 6962 for leaf %d of %d', async (index, size, path) => {
    expect(hex(await proveInclusion(read, index, size))).toEqual(path);
  });

  test.each([
    [1, 8, [leaf1.toString('hex'), pair2, right4]],
    [6, 8, ['0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a', last2, roots[3]]],
    [2, 5, [pair2, leaf5.toString('hex')]],
    [8, 8, []],
  ])('has the consistency proof of RFC 6962 from %d to %d', async (old, size, path) => {
    expect(hex(await proveConsistency(read, old, size))).toEqual(path);
  });
});

describe('a proof', () => {
  test('of inclusion holds for every leaf of every size, and for no other leaf, place or root', async () => {
    for (let size = 1; size <= 8; size += 1) {
      for (let index = 0; index < size; index += 1) {
        const proof = await proveInclusion(read, index, size);
        const leaf = { hash: leafHash(leaves[index]!), index };
        expect(checkInclusion(leaf, headOf(size), proof)).toBe(true);
        expect(checkInclusion({ ...leaf, hash: leafHash(Buffer.from('x')) }, headOf(size), proof)).toBe(
          false,
        );
        expect(checkInclusion({ ...leaf, index: index + 1 }, headOf(size), proof)).toBe(false);
        expect(checkInclusion(leaf, { size, root: emptyRoot() }, proof)).toBe(false);
        expect(checkInclusion(leaf, headOf(size), [...proof, leaf.hash])).toBe(false);
        if (proof.length > 0) expect(checkInclusion(leaf, headOf(size), proof.slice(1))).toBe(false);
      }
    }
  });

  test('of consistency holds from every size to every later one, and for no other tree', async () => {
    for (let size = 1; size <= 8; size += 1) {
      for (let old = 1; old <= size; old += 1) {
        const proof = await proveConsistency(read, old, size);
        expect(checkConsistency(headOf(old), headOf(size), proof)).toBe(true);
        expect(checkConsistency({ size: old, root: emptyRoot() }, headOf(size), proof)).toBe(false);
        expect(checkConsistency(headOf(old), { size, root: emptyRoot() }, proof)).toBe(false);
        expect(checkConsistency(headOf(old), headOf(size), [...proof, leaf1])).toBe(false);
        if (old < size) expect(checkConsistency(headOf(size), headOf(old), proof)).toBe(false);
      }
    }
    expect(checkConsistency({ size: 0, root: emptyRoot() }, headOf(5), [])).toBe(true);
    expect(checkConsistency({ size: 0, root: leaf1 }, headOf(5), [])).toBe(false);
  });
});
