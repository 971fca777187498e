import { describe, expect, test } from '@jest/globals';
import { FileView } from '../../../../../../shared/images/process/file/file-view.ts';
import type { ImageFile } from '../../../../../../shared/images/process/file/image-file.ts';
import { inMemory } from '../../../../../../shared/images/process/file/in-memory.ts';
import { openImageFile } from '../../../../../../shared/images/process/file/on-disk.ts';
import { imagePath } from '../../../../../support/image-path.ts';

const kinds: readonly (readonly [string, (bytes: Buffer) => ImageFile])[] = [
  ['in memory', inMemory],
  ['on disk', (bytes) => openImageFile(imagePath(bytes), 0)],
];
const contentOf = (file: ImageFile): string => file.read(0, file.size).toString('latin1');

describe.each(kinds)('a file %s', (_kind, make) => {
  test('is read from any place, and to its end at most', () => {
    const file = make(Buffer.from('0123456789'));
    expect([
      file.size,
      file.read(2, 3).toString(),
      file.read(8, 9).toString(),
      file.read(12, 3).length,
    ]).toEqual([10, '234', '89', 0]);
    file.close();
  });

  test('becomes the ranges that are kept, and what is put between and behind them', () => {
    const kept = make(Buffer.from('0123456789')).keep([
      [0, 2],
      [3, 3],
      Buffer.from('ab'),
      [4, 5],
      [5, 7],
      Buffer.from('behind'),
    ]);
    expect([contentOf(kept), kept.size]).toEqual(['01ab456behind', 13]);
    kept.close();
  });

  test('has other bytes in one place where it is patched', () => {
    const patched = make(Buffer.from('0123456789')).patched(3, Buffer.from('ab'));
    expect(contentOf(patched)).toBe('012ab56789');
    patched.close();
  });

  test('moves megabytes over each other without losing one', () => {
    const bytes = Buffer.alloc(
      5_000_000,
      Uint8Array.from({ length: 251 }, (_, index) => index),
    );
    const kept = make(bytes).keep([
      [0, 100],
      [107, bytes.length],
    ]);
    expect(kept.read(0, kept.size).equals(Buffer.concat([bytes.subarray(0, 100), bytes.subarray(107)]))).toBe(
      true,
    );
    kept.close();
  });

  test('is gone through across the windows in which it is read', () => {
    const bytes = Buffer.alloc(2_500_000);
    bytes[2_400_001] = 7;
    const file = make(bytes);
    const view = new FileView(file);
    expect([
      view.indexOf(7, 0),
      view.indexOf(7, 2_400_002),
      view.byte(2_400_001),
      view.byte(bytes.length),
    ]).toEqual([2_400_001, -1, 7, undefined]);
    expect(view.bytes(1_048_570, 12)).toHaveLength(12);
    expect(view.bytes(bytes.length - 3, 12)).toHaveLength(3);
    file.close();
  });
});

test('a file that is on disk is read at once where it is small', () => {
  const path = imagePath(Buffer.from('0123456789'));
  expect([typeof openImageFile(path, 10).input, openImageFile(path, 9).input]).toEqual(['object', path]);
});
