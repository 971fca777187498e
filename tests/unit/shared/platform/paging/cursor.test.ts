import { describe, expect, test } from '@jest/globals';
import { readCursor, writeCursor } from '../../../../../shared/platform/paging/cursor.ts';

const place = ['2026-03-01T10:00:00.000Z', 'image-1'];
const cursor = writeCursor('images', place);

describe('a cursor', () => {
  test('leads back to its place in its list', () => {
    expect(readCursor('images', cursor)).toEqual(place);
  });

  const [body = '', digest = ''] = cursor.split('.');
  test.each([
    ['of another list', 'products', cursor],
    ['that was cut', 'images', cursor.slice(0, -1)],
    ['whose place was changed', 'images', `${body.slice(0, -2)}AA.${digest}`],
    ['that is nothing', 'images', ''],
    ['without a digest', 'images', body],
    ['that holds no list', 'images', writeCursor('images', { length: 2 } as unknown as unknown[])],
  ])('%s is refused as invalid-request', (_, scope, given) => {
    expect(() => readCursor(scope, given)).toThrow(expect.objectContaining({ code: 'invalid-request' }));
  });
});
