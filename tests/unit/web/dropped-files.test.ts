import { expect, test } from '@jest/globals';
import { droppedFiles } from '../../../web/src/pages/images/dropped-files.ts';

interface Entry {
  readonly name: string;
  readonly isDirectory: boolean;
}

const photo = (name: string) => ({
  ...{ name, isDirectory: false },
  file: (then: (file: File) => void) => then(new File(['x'], name, { type: 'image/jpeg' })),
});
const broken = (name: string) => ({
  ...{ name, isDirectory: false },
  file: (_then: unknown, fail: (error: Error) => void) => fail(new Error('NotReadableError')),
});
/** Handed out a hundred at a time, as Chromium does. */
const folder = (name: string, entries: readonly Entry[]) => ({
  ...{ name, isDirectory: true },
  createReader() {
    let at = 0;
    return {
      readEntries(then: (page: readonly Entry[]) => void) {
        then(entries.slice(at, (at += 100)));
      },
    };
  },
});
const closed = (name: string) => ({
  ...{ name, isDirectory: true },
  createReader: () => ({
    readEntries: (_then: unknown, fail: (error: Error) => void) => fail(new Error('NotReadableError')),
  }),
});

const drop = (entries: readonly Entry[]) =>
  droppedFiles(
    {
      items: entries.map((entry) => ({ kind: 'file', webkitGetAsEntry: () => entry })),
    } as unknown as DataTransfer,
    ['image/jpeg'],
  );

test('of a drop all is taken that can be read, and what cannot is named', async () => {
  const many = Array.from({ length: 2_350 }, (_, index) => photo(`${index}.jpg`));
  const { files, others, unread } = await drop([
    folder('trip', [photo('a.jpg'), broken('b.jpg'), closed('private'), folder('day', many), photo('c.jpg')]),
    closed('other'),
    folder('later', [photo('d.jpg')]),
  ]);
  expect(files).toHaveLength(2_353);
  expect(
    ['a.jpg', 'c.jpg', 'd.jpg', '2349.jpg'].every((name) => files.some((file) => file.name === name)),
  ).toBe(true);
  expect([others, unread.toSorted()]).toEqual([[], ['b.jpg', 'other', 'private']]);
});
