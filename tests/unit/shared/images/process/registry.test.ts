import { expect, test } from '@jest/globals';
import { asProcessors, loadProcessors } from '../../../../../shared/images/process/registry.ts';

const good = {
  name: 'sepia',
  version: '2',
  variants: ['sepia'],
  needs: { width: 100, height: 100, fit: 'inside' },
  process: () => ({}),
};

test('every file in the folder is a processor, and together they make the standard set', async () => {
  const processors = await loadProcessors();
  expect(processors.flatMap(({ variants }) => variants)).toEqual(
    expect.arrayContaining(['web', 'preview', 'thumbnail']),
  );
  expect(processors.map(({ name }) => name)).toEqual(expect.arrayContaining(['blurhash', 'dominant-colour']));
});

test('a processor is taken as it is', () => {
  expect(asProcessors({ 'sepia.ts': { default: good } })).toEqual([good]);
});

test.each([
  ['has no default export', {}, /sepia\.ts.*\n.*default export/],
  ['has no version', { default: { ...good, version: '' } }, /version/],
  ['has a name with spaces', { default: { ...good, name: 'old photo' } }, /name/],
  ['makes a variant called raw', { default: { ...good, variants: ['raw'] } }, /original/],
  ['needs nothing', { default: { ...good, needs: { width: 0, height: 1, fit: 'inside' } } }, /needs/],
  ['does nothing', { default: { ...good, process: undefined } }, /process: must be a function/],
])('a file that %s is named with what is wrong', (_, module, reason) => {
  expect(() => asProcessors({ 'sepia.ts': module })).toThrow(reason);
});

test('two processors cannot make the same variant', () => {
  const other = { ...good, name: 'sepia-two' };
  expect(() => asProcessors({ 'a.ts': { default: good }, 'b.ts': { default: other } })).toThrow(
    'Two variants are called sepia',
  );
});
