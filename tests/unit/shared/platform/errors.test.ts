import { describe, expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { errorCatalog } from '../../../../shared/platform/errors.ts';

const root = fileURLToPath(new URL('../../../../', import.meta.url));

/** Rows of the table in docs/errors.md: code, status, whether a retry helps. */
const documented = new Map(
  [
    ...readFileSync(`${root}docs/errors.md`, 'utf8').matchAll(
      /^\| `([a-z-]+)` +\| (\d{3}) +\| (yes|no) +\|/gm,
    ),
  ].map(([, code, status, retry]) => [code!, { status: Number(status), retryable: retry === 'yes' }]),
);

const sources = ['functions', 'shared'].flatMap((folder) =>
  readdirSync(`${root}${folder}`, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && file !== 'errors.ts')
    .map((file) => readFileSync(`${root}${folder}/${file}`, 'utf8')),
);

describe('the catalogue of errors', () => {
  test('is the one that docs/errors.md describes, with status and retry', () => {
    const catalogued = Object.entries(errorCatalog).map(([code, { status, retryable }]) => [
      code,
      { status, retryable },
    ]);
    expect(Object.fromEntries(documented)).toEqual(Object.fromEntries(catalogued));
  });

  test.each(Object.keys(errorCatalog))('has %s because something throws it', (code) => {
    const uses = sources.filter((text) => new RegExp(`(?<!outcome: |=== |\\| )'${code}'`).test(text));
    expect(uses.length).toBeGreaterThan(0);
  });

  test('calls retryable only what a caller can wait out', () => {
    const retryable = Object.values(errorCatalog).filter((error) => error.retryable);
    for (const { status } of retryable) expect([423, 429, 460, 503, 507]).toContain(status);
  });
});
