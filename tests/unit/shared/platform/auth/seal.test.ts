import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { makeSeal } from '../../../../../shared/platform/auth/seal.ts';

const [first, second, third] = ['first', 'second', 'third'].map((text) =>
  Buffer.from(`${text} key of 32 bytes, or about it`).toString('base64'),
) as [string, string, string];

describe('a signature', () => {
  test('is HMAC-SHA256 over purpose and text, in base64url', () => {
    const expected = createHmac('sha256', Buffer.from(first, 'base64'))
      .update('darkroom/url\n/api/images/1')
      .digest('base64url');
    expect(makeSeal(first).sign('url', '/api/images/1')).toBe(expected);
  });

  test('is good for its purpose and its text, and for no other', () => {
    const seal = makeSeal(first);
    const signature = seal.sign('url', 'a');
    expect(seal.verify('url', 'a', signature)).toBe(true);
    expect(seal.verify('cursor', 'a', signature)).toBe(false);
    expect(seal.verify('url', 'b', signature)).toBe(false);
  });

  test.each([
    ['nothing', ''],
    ['what is too short', 'AAAA'],
    ['what is no base64', '!!!!'],
    ['another of the same length', Buffer.alloc(32).toString('base64url')],
  ])('is not %s', (_title, signature) => {
    expect(makeSeal(first).verify('url', 'a', signature)).toBe(false);
  });
});

describe('while keys rotate', () => {
  const before = makeSeal(first);
  const rotated = makeSeal(second, first);

  test('signatures of the previous key are still good', () => {
    expect(rotated.verify('url', 'a', before.sign('url', 'a'))).toBe(true);
  });

  test('new signatures are made with the present key', () => {
    expect(rotated.sign('url', 'a')).toBe(makeSeal(second).sign('url', 'a'));
    expect(rotated.verify('url', 'a', rotated.sign('url', 'a'))).toBe(true);
  });

  test('a key that is neither is refused', () => {
    expect(rotated.verify('url', 'a', makeSeal(third).sign('url', 'a'))).toBe(false);
    expect(makeSeal(second).verify('url', 'a', before.sign('url', 'a'))).toBe(false);
  });
});
