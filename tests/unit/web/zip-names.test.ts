import { expect, test } from '@jest/globals';
import { makeZipNames } from '../../../web/src/pages/images/zip-names.ts';

const id = '0f8fad5b-d9cb-469f-a165-70867728950e';
const namesOf = (...given: readonly (string | null)[]): readonly string[] =>
  given.map(
    (
      (nameOf) => (fileName: string | null) =>
        nameOf({ id, fileName, contentType: 'image/jpeg' })
    )(makeZipNames()),
  );

test('names that come twice are numbered, in whatever case, and never onto another name', () => {
  expect(namesOf('a.jpg', 'A.JPG', 'a (2).jpg', 'a.jpg')).toEqual([
    'a.jpg',
    'A (2).JPG',
    'a (2) (2).jpg',
    'a (3).jpg',
  ]);
});

test.each([
  ['../../etc/passwd', '__.._etc_passwd.jpg'],
  ['C:\\photo.jpg', 'C__photo.jpg'],
  ['con.jpg', '_con.jpg'],
  ['LPT1', '_LPT1.jpg'],
  ['console.jpg', 'console.jpg'],
  ['a<b>|"?*\u0001.png', 'a_b______.png'],
  ['.htaccess', '_htaccess.jpg'],
  ['ends with a dot. .', 'ends with a dot.jpg'],
  ['صورة.jpg', 'صورة.jpg'],
  [null, '0f8fad5b.jpg'],
  ['...', '_.jpg'],
])('%j is %j in a ZIP', (given, name) => {
  expect(namesOf(given)).toEqual([name]);
});
