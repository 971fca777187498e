import { expect, test } from '@jest/globals';
import { makeUrlSigner } from '../../../../../shared/images/read/signed-url.ts';
import { makeSeal } from '../../../../../shared/platform/auth/seal.ts';

const imageId = '8a0c392d-9cb6-46e8-b36f-768869fb813e';
const path = `/api/images/${imageId}/preview`;
const signer = makeUrlSigner(makeSeal('k'.repeat(43)), { now: () => new Date(0) });
const query = signer.query(imageId, 'preview', 'f'.repeat(64), new Date(86_400_000));
const check = (pathname: string) =>
  signer.check(new URL(`https://photos.example${pathname}${query}`), imageId, 'preview');

test('an address lets through at its own path', () => {
  expect(check(path)).toMatchObject({ imageId, variant: 'preview' });
});

test.each([`/${path}`, `/other${path}`, `${path}/`, path.replace('/images', '//images')])(
  'an address is forged at another path that leads there: %s',
  (other) => expect(check(other)).toBe('forged'),
);
