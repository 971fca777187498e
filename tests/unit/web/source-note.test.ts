import { expect, test } from '@jest/globals';
import { sourceText } from '../../../web/src/pages/analytics/source-note.tsx';

const replica = { kind: 'replica', lagSeconds: 0.4, isConnected: true } as const;

test.each([
  [replica, 'From the read replica, 0.4 s behind.'],
  [{ ...replica, lagSeconds: 45 }, 'From the read replica, 45 s behind the primary.'],
  [{ ...replica, lagSeconds: 600 }, 'From the read replica, 10 min behind the primary.'],
  [
    { ...replica, lagSeconds: 45, isConnected: false },
    'From the read replica, 45 s old: the primary does not answer.',
  ],
  [{ ...replica, lagSeconds: null }, 'From the read replica.'],
  [
    { kind: 'primary', lagSeconds: 0, isConnected: true } as const,
    'From the primary: no read replica answers.',
  ],
])('%j', (source, text) => {
  expect(sourceText(source)).toBe(text);
});
