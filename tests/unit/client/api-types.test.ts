import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { apiTypesFile, renderApiTypes } from '../../../infra/api-types.ts';

test('the committed types of the API are those of its routes (else: npm run api:types)', async () => {
  expect(readFileSync(apiTypesFile, 'utf8')).toBe(await renderApiTypes());
});
