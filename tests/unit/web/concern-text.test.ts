import { describe, expect, test } from '@jest/globals';
import type { Concern } from '../../../client/api-types.ts';
import { concernKinds } from '../../../shared/operations/attention.ts';
import { summaryOf } from '../../../web/src/pages/operations/concern-text.ts';

const concern = (of: Partial<Concern>): Concern => ({
  ...{ kind: 'failed', of: null, count: 1, since: '2026-11-29T10:00:00.000Z' },
  ...of,
});
const check = (name: string, status: 'healthy' | 'unhealthy') => ({ name, status, milliseconds: 1 });
const headline = (...concerns: Concern[]) => summaryOf(concerns, []).headline;

describe('the sentence of the overview', () => {
  test('says that nothing needs attention only where no concern is left and each part answers', () => {
    expect(summaryOf([], [check('database', 'healthy')])).toEqual({ headline: undefined, said: [] });
    const { headline: said, said: parts } = summaryOf([], [check('database', 'unhealthy')]);
    expect(said).toBe('1 thing needs attention');
    expect(parts).toEqual([{ text: 'database does not answer', href: '#health', since: null }]);
    for (const kind of concernKinds) expect(headline(concern({ kind, of: 'x' }))).toBeDefined();
  });

  test('adds images up, and counts what else there is', () => {
    const letters = concern({ kind: 'dead-letters', of: 'internal', count: 158 });
    expect(headline(concern({}))).toBe('1 image needs attention');
    expect(headline(letters, concern({ count: 2 }))).toBe('160 images need attention');
    const held = concern({ kind: 'reader-held', of: 'image-stream', count: null });
    expect(headline(held)).toBe('1 thing needs attention');
    expect(headline(letters, held)).toBe('158 images and 1 more thing need attention');
    expect(headline(held, held)).toBe('2 things need attention');
  });

  test.each([
    ['dead-letters', 'internal', '/operations?part=dead-letters&show=open&code=internal'],
    ['failed', null, '/operations?part=images&state=failed'],
    ['stored', null, '/operations?part=images&state=stored'],
    ['erasure-late', null, '/operations?part=images&state=erasure'],
    ['events-lost', 'events-expired', '/operations?part=dead-letters&show=open&code=events-expired'],
    ['events-lost', 'image-stream', '/operations?part=lag&hub=image-stream'],
    ['reader-late', 'image-stream', '/operations?part=lag&hub=image-stream'],
    ['receipts-late', null, '/operations?part=erasures'],
    ['export-late', 'products', '#exports'],
    ['reader-paused', 'image-stream', '#readers'],
  ] as const)('leads from %s of %s to exactly that', (kind, of, href) => {
    expect(summaryOf([concern({ kind, of })], []).said[0]!.href).toBe(href);
  });

  test('says where the API counts no further', () => {
    expect(summaryOf([concern({ count: 1_000 })], []).said[0]!.text).toMatch(/^1.?000 or more failed/);
  });
});
