import { expect, test } from '@jest/globals';
import { isExpired } from '../../../client/token-expiry.ts';

const now = Date.UTC(2026, 0, 2, 3, 4, 5);
const token = (payload: object) => `e30.${Buffer.from(JSON.stringify(payload)).toString('base64url')}.c2ln`;

test.each([
  ['a second ago', token({ exp: now / 1000 - 1 }), true],
  ['now', token({ exp: now / 1000 }), true],
  ['in a second', token({ exp: now / 1000 + 1 }), false],
  ['at no time', token({}), false],
  ['in no words that can be read', 'opaque', false],
])('a token that ends %s is expired: %s', (_, given, expected) => {
  expect(isExpired(given, now)).toBe(expected);
});
