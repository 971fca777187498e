import { expect, test } from '@jest/globals';
import { isLoopbackHost } from '../../../../infra/local/loopback-host.ts';

test.each(['localhost', 'localhost:7071', 'LOCALHOST:1', '127.0.0.1:7071', '[::1]:7071', '[::1]'])(
  '%s is this machine',
  (host) => expect(isLoopbackHost(host)).toBe(true),
);

test.each([
  'evil.example',
  'evil.example:7071',
  'localhost.evil.example:7071',
  '127.0.0.1.evil.example',
  'localhost:7071@evil.example',
  'evil.example:localhost',
  '127.0.0.2',
  '0.0.0.0:7071',
  '192.168.1.5:7071',
  '',
])('%s is not', (host) => expect(isLoopbackHost(host)).toBe(false));

test('one that is told is accepted as well', () => {
  expect(isLoopbackHost('host.docker.internal:7072', ['host.docker.internal'])).toBe(true);
});

test('none at all is no browser, and refused nowhere for it', () => {
  expect(isLoopbackHost(undefined)).toBe(true);
});
