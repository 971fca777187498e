import fc from 'fast-check';
import { describe, expect, test } from '@jest/globals';
import { keyText } from '../../../../shared/stream/key-text.ts';

describe("a record's key", () => {
  test.each([['ann'], ['ånn'], ['0b7e6d7c-6f0a-4d4e-9a55-2f2a86f1a1c1'], ['😼']])(
    'that is text is that text: %s',
    (text) => {
      expect(keyText(Buffer.from(text))).toBe(text);
    },
  );

  test.each([
    ['a serialized number', Buffer.from([0, 0, 0, 0, 0, 0, 0, 42]), 'base64url:AAAAAAAAACo'],
    ['no UTF-8', Buffer.from([0xff, 0xfe]), 'base64url:__4'],
    ['text with a line break', Buffer.from('a\nb'), 'base64url:YQpi'],
    ['text that looks like such a key', Buffer.from('base64url:YQ'), 'base64url:YmFzZTY0dXJsOllR'],
  ])('that is %s is its bytes in base64url, behind a prefix', (_title, bytes, expected) => {
    expect(keyText(bytes)).toBe(expected);
  });

  test('never is the same text for different bytes', () => {
    const bytes = fc.oneof(
      fc.uint8Array(),
      fc.string().map((text) => Buffer.from(text)),
    );
    fc.assert(
      fc.property(bytes, bytes, (one, other) => {
        expect(keyText(one) === keyText(other)).toBe(Buffer.compare(one, other) === 0);
      }),
    );
  });
});
