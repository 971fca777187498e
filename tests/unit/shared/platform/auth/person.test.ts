import { expect, test } from '@jest/globals';
import type { Directory } from '../../../../../shared/platform/auth/directory.ts';
import { personOf } from '../../../../../shared/platform/auth/person.ts';

const ann = { name: 'Ann Archer', grants: [] };
const directory: Directory = { find: (text) => Promise.resolve(text === 'Ann Archer' ? ann : undefined) };

test('roles, with blanks or without, are whoever has them, and nobody is looked for', async () => {
  const asked: string[] = [];
  const asking: Directory = {
    find: (text) => {
      asked.push(text);
      return Promise.resolve(undefined);
    },
  };
  expect(await personOf('Sales, Analytics', asking)).toEqual({
    name: 'Whoever has Sales, Analytics',
    grants: [
      { role: 'Sales', group: null },
      { role: 'Analytics', group: null },
    ],
  });
  expect((await personOf('Sales', undefined)).name).toBe('Whoever has Sales');
  expect(asked).toEqual([]);
});

test('any other text is looked for in the directory, a role beside it too', async () => {
  expect(await personOf('Ann Archer', directory)).toBe(ann);
  for (const text of ['Nobody', 'Sales,Nobody', 'Nobody,Sales', 'sales', ''])
    await expect(personOf(text, directory)).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringMatching(/^Nobody of the directory .*Uploader,.*Sales/) as unknown,
    });
});

test('without a directory the answer says so', async () => {
  await expect(personOf('Ann Archer', undefined)).rejects.toMatchObject({
    code: 'not-found',
    message: expect.stringMatching(/^No directory is connected/) as unknown,
  });
});
