import { expect, test } from '@jest/globals';
import day from '../prove/day.ts';
import type { Claim } from '../prove/proof.ts';

const minutes = 60_000;

test(
  'under constant load every part of the state directory stays in its bound when its retention has passed',
  async () => {
    const claims: Claim[] = [];
    for await (const claim of day.claims({ isShort: true })) claims.push(claim);
    expect(claims.filter(({ holds }) => !holds)).toEqual([]);
    expect(claims.map(({ claim }) => claim)).toEqual(
      expect.arrayContaining([
        'blobs raw',
        'files of blobs',
        'table imaging.images',
        'hub image-stream',
        'logs',
      ]),
    );
  },
  10 * minutes,
);
