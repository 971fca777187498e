import { expect, test } from '@jest/globals';
import { roles as known } from '../../../shared/platform/auth/principal.ts';
import { roles } from '../../../web/src/session/roles.ts';

test('the console knows the roles that the API knows, in the same order', () => {
  expect(roles).toEqual(known);
});
