import { describe, expect, test } from '@jest/globals';
import {
  checkConsistency,
  checkInclusion,
  growingTree,
  leafHash,
  proveConsistency,
  proveInclusion,
  rootOf,
} from '../../../../../../shared/images/erase/ledger/merkle.ts';
import {
  addTiles,
  decodeEntries,
  encodeEntries,
  firstUnfinished,
  hashesOf,
  tilePath,
} from '../../../../../../shared/images/erase/ledger/tiles.ts';
import { memoryFiles } from '../../../../../support/memory-files.ts';

const leaves = Array.from({ length: 70_000 }, (_, at) => Buffer.from(`leaf ${at}`));

describe('the files of a tree', () => {
  test('have the names of C2SP tlog-tiles', () => {
    expect(tilePath(0, 1234067, 256)).toBe('tile/0/x001/x234/067');
    expect(tilePath(1, 0, 5)).toBe('tile/1/000.p/5');
    expect(tilePath(2, 1000, 256)).toBe('tile/2/x001/000');
  });

  test('hold entries behind their lengths, and nothing that is cut off', () => {
    const entries = [Buffer.from('a'), Buffer.alloc(0), Buffer.alloc(300, 7)];
    const bundle = encodeEntries(entries);
    expect(bundle.subarray(0, 3)).toEqual(Buffer.of(0, 1, 97));
    expect(decodeEntries(bundle)).toEqual(entries);
    expect(() => decodeEntries(bundle.subarray(0, -1))).toThrow();
  });

  test('grow by any steps to the same root, with proofs at every size', async () => {
    const files = memoryFiles();
    const tree = growingTree();
    let old = 0;
    const heads: { size: number; root: Buffer }[] = [];
    for (const size of [
      1, 2, 3, 255, 256, 257, 300, 511, 512, 1000, 65_535, 65_536, 65_537, 65_540, 70_000,
    ]) {
      await addTiles(files, { old, size, leaves: leaves.slice(firstUnfinished(old), size) });
      for (const leaf of leaves.slice(old, size)) tree.add(leaf);
      const read = hashesOf(files, size);
      const head = { size, root: await rootOf(read, 0, size) };
      expect(head.root).toEqual(tree.root());
      for (const index of [0, Math.floor(size / 2), size - 1]) {
        const leaf = { hash: leafHash(leaves[index]!), index };
        expect(checkInclusion(leaf, head, await proveInclusion(read, index, size))).toBe(true);
      }
      for (const before of heads) {
        expect(checkConsistency(before, head, await proveConsistency(read, before.size, size))).toBe(true);
      }
      heads.push(head);
      old = size;
    }
    expect(files.files.get(tilePath(0, 0, 256))!.length).toBe(256 * 32);
    expect(files.files.get(tilePath(2, 0, 1))!.length).toBe(32);
  });
});
