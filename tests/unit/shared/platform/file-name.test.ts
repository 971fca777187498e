import { expect, test } from '@jest/globals';
import {
  cleanFileName,
  fileNameIn,
  fileNameParameter,
  maxFileNameUnits,
} from '../../../../shared/platform/file-name.ts';
import { readMigrations } from '../../../../shared/database/migrations/files.ts';

test.each([
  ['Morning at the lake.jpg', 'Morning at the lake.jpg'],
  ['../../etc/passwd', 'passwd'],
  ['C:\\Users\\ann\\IMG_0001.JPG', 'IMG_0001.JPG'],
  ['a\u0000b\nc\u007f.png', 'abc.png'],
  // Written from right to left, this would be read as photoexe.jpg.
  ['photo\u202egpj.exe', 'photogpj.exe'],
  ['Zu\u0308rich.heic', 'Zürich.heic'],
  ['  spaces  ', 'spaces'],
  ['lone \ud800 half.jpg', 'lone \ufffd half.jpg'],
  ['صورة.jpg', 'صورة.jpg'],
])('%j is kept as %j', (given, kept) => {
  expect(cleanFileName(given)).toBe(kept);
});

test.each([undefined, null, '', '   ', '.', '..', 'folder/', '\u202e'])('nothing is left of %j', (given) => {
  expect(cleanFileName(given)).toBeUndefined();
});

test('a long name keeps its ending, and no character is cut in two', () => {
  expect(cleanFileName(`${'a'.repeat(300)}.jpeg`)).toBe(`${'a'.repeat(250)}.jpeg`);
  const cats = cleanFileName(`a${'😼'.repeat(200)}.jpeg`)!;
  expect(cats).toBe(`a${'😼'.repeat(124)}.jpeg`);
  expect(cats.isWellFormed()).toBe(true);
});

test.each(['Morning at the lake.jpg', 'it\'s (1) 100% *new*; "so".png', 'Zürich 😼.heic'])(
  'a Content-Disposition carries %j in ASCII and gives it back',
  (name) => {
    const header = `attachment; ${fileNameParameter(name)}`;
    expect(header).toMatch(/^[\x20-\x7e]+$/);
    expect(fileNameIn(header)).toBe(name);
  },
);

test.each([
  ['attachment; filename="two words.jpg"', 'two words.jpg'],
  ['inline; filename=plain.jpg', 'plain.jpg'],
  ['attachment; filename="a \\"b\\".jpg"', 'a "b".jpg'],
  ['attachment; filename="plain.jpg"; filename*=UTF-8\'\'%C3%BC.jpg', 'ü.jpg'],
  ['attachment; filename="plain.jpg"; filename*=UTF-8\'\'%ff.jpg', 'plain.jpg'],
  ['attachment; filename="../../up.jpg"', 'up.jpg'],
  ['attachment', undefined],
  [null, undefined],
])('%j names %j', (header, name) => {
  expect(fileNameIn(header)).toBe(name);
});

test.each(['azure', 'embedded'] as const)('sql/%s keeps a name as long as the limit', async (folder) => {
  const sql = (await readMigrations(folder)).find(({ name }) => name === '009-file-names.sql')!.sql;
  expect(sql).toMatch(new RegExp(`file_name n?varchar\\(${maxFileNameUnits}\\)`));
});
