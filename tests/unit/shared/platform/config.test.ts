import { expect, test } from '@jest/globals';
import { readSettings } from '../../../../shared/platform/config.ts';

const complete = {
  DARKROOM_IMAGE_STORAGE: 'https://images.blob.core.windows.net',
  DARKROOM_DATABASE: 'Server=db;Database=darkroom',
  DARKROOM_TOKEN_ISSUER: 'https://login.example/v2.0',
  DARKROOM_TOKEN_AUDIENCE: 'api',
  DARKROOM_URL_SIGNING_KEY: 'k'.repeat(64),
};

test('takes what is complete', () => {
  expect(readSettings(complete).DARKROOM_URL_SIGNING_KEY).toBe('k'.repeat(64));
});

test('refuses a reference to a secret that Azure left as it is, long enough to be a key', () => {
  const reference = '@Microsoft.KeyVault(VaultName=dr-dev-abc;SecretName=url-signing-key)';
  expect(reference.length).toBeGreaterThan(43);
  expect(() => readSettings({ ...complete, DARKROOM_URL_SIGNING_KEY: reference })).toThrow(
    /DARKROOM_URL_SIGNING_KEY: Azure has not resolved/,
  );
});

test('asks for the key that signs addresses where the service read runs, and nowhere else', () => {
  const without = { ...complete, DARKROOM_URL_SIGNING_KEY: undefined };
  for (const services of [undefined, 'read', 'upload,read'])
    expect(() => readSettings({ ...without, DARKROOM_SERVICES: services })).toThrow(
      /DARKROOM_URL_SIGNING_KEY: the service read signs with it/,
    );
  const desks = readSettings({ ...without, DARKROOM_SERVICES: 'logistics,sales' });
  expect(desks.DARKROOM_URL_SIGNING_KEY).toBeUndefined();
});

test('names every fault together, and no value', () => {
  const faulty = { ...complete, DARKROOM_DATABASE: '', DARKROOM_URL_SIGNING_KEY: 'short' };
  expect(() => readSettings(faulty)).toThrow(/DARKROOM_DATABASE[^]*DARKROOM_URL_SIGNING_KEY/);
  expect(() => readSettings(faulty)).not.toThrow(/short/);
});
