import { expect, test } from '@jest/globals';
import { extensionOf, mediaTypeOf } from '../../../../shared/platform/media-types.ts';

test.each([
  ['photo.JPG', 'image/jpeg'],
  ['photo.jpeg', 'image/jpeg'],
  ['scan.tif', 'image/tiff'],
  ['scan.TIFF', 'image/tiff'],
  ['drawing.svg', 'image/svg+xml'],
  ['notes.txt', 'application/octet-stream'],
  ['nothing', 'application/octet-stream'],
])('%s is %s', (file, mediaType) => expect(mediaTypeOf(file)).toBe(mediaType));

test.each([
  ['image/jpeg', 'jpg'],
  ['image/tiff', 'tif'],
  ['application/pdf', 'bin'],
])('a file of type %s ends in .%s', (mediaType, extension) => expect(extensionOf(mediaType)).toBe(extension));

test('the extension that a type is written with leads back to the type', () => {
  for (const type of ['jpeg', 'png', 'gif', 'webp', 'avif', 'bmp', 'tiff']) {
    expect(mediaTypeOf(`file.${extensionOf(`image/${type}`)}`)).toBe(`image/${type}`);
  }
});
