import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { acceptedTypes } from '../../../shared/images/process/ports.ts';

test('the console’s file dialog offers the types that are processed, and no other', () => {
  const source = readFileSync(
    new URL('../../../web/src/pages/images/drop-zone.tsx', import.meta.url),
    'utf8',
  );
  const offered = /'(image\/[^']+)'/
    .exec(source)?.[1]
    ?.split(',')
    .filter((entry) => !entry.startsWith('.'));
  expect(offered?.sort()).toEqual([...acceptedTypes].sort());
});
