import { expect, test } from '@jest/globals';
import kill from '../prove/kill.ts';
import type { Claim } from '../prove/proof.ts';

const minutes = 60_000;

test(
  'while every process is killed in turn, what any source was promised is kept, once',
  async () => {
    const claims: Claim[] = [];
    for await (const claim of kill.claims({ isShort: true })) claims.push(claim);
    expect(claims.filter(({ holds }) => !holds)).toEqual([]);
    expect(claims.map(({ claim }) => claim)).toContain('acknowledged images that are lost');
  },
  15 * minutes,
);
