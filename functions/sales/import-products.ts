import type { HttpRequest } from '@azure/functions';
import { DarkroomError } from '../../shared/platform/errors.ts';
import { requestBody } from '../../shared/platform/http/request-body.ts';
import { readAtMost } from '../../shared/platform/read-at-most.ts';
import { registerRoute } from '../register-route.ts';
import { composition } from '../composition.ts';
import { importLimits, readProductCsv } from './product-csv.ts';
import { importProductsRoute } from './routes.ts';
import { completeRows, readStored } from './stored-products.ts';
import { productView } from './view.ts';

async function readCsvBody(request: HttpRequest): Promise<string> {
  const sentence = `One file may have ${importLimits.bytes} bytes.`;
  const body = await readAtMost(requestBody(request), importLimits.bytes, sentence);
  // Excel's "Unicode text" is UTF-16 with a byte order mark.
  const mark = body.subarray(0, 2).toString('hex');
  const encoding = mark === 'fffe' ? 'utf-16le' : mark === 'feff' ? 'utf-16be' : 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(body);
  } catch (cause) {
    throw new DarkroomError('invalid-value', 'The file is not UTF-8 text: save it as "CSV UTF-8".', {
      cause,
    });
  }
}

registerRoute(importProductsRoute, async ({ request, principal, query }) => {
  const dryRun = query.dryRun === 'true';
  const { rows: read, issues: unreadable } = readProductCsv(await readCsvBody(request), query.decimals);
  if (read.length + unreadable.length === 0) throw new DarkroomError('empty-body', 'The file has no rows.');
  const database = await composition.database();
  const rows = await completeRows(database, read);
  const results = await database.execute(
    'sales',
    'import_products',
    { rows, dry_run: dryRun || unreadable.length > 0 },
    { actor: principal.id },
  );
  const invalid = results
    .filter(({ outcome }) => outcome === 'invalid')
    .map(({ line, column_name: column, value, reason }) => ({ row: line, column, value, reason }));
  const issues = [...unreadable, ...invalid].toSorted((one, other) => one.row - other.row);
  if (issues.length > 0 && !dryRun) {
    throw new DarkroomError('invalid-value', `${issues.length} values are not valid; nothing was changed.`, {
      details: {
        issues: issues.map(({ row, column, reason }) => ({
          path: `row ${row}.${column ?? ''}`,
          code: 'invalid',
          message: reason ?? '',
        })),
      },
    });
  }
  const byLine = new Map(rows.map((row) => [row.line, row]));
  const changed = results.filter(({ outcome }) => outcome === 'changed');
  const before = await readStored(database, dryRun ? changed.map(({ product_id: id }) => id!) : []);
  const count = (outcome: string): number => results.filter((result) => result.outcome === outcome).length;
  return {
    jsonBody: {
      applied: !dryRun,
      rows: rows.length + new Set(unreadable.map(({ row }) => row)).size,
      added: count('added'),
      changed: count('changed'),
      unchanged: count('unchanged'),
      changes: results
        .filter(({ outcome }) => outcome === 'added' || outcome === 'changed')
        .map(({ line, outcome, product_id: productId }) => {
          const { line: row, name, manufacturer, cost, weight, isActive } = byLine.get(line)!;
          const was = before.get(productId);
          const values = { name, manufacturer, cost, weight, isActive };
          return { row, outcome, productId, ...values, was: was ? productView(was) : null };
        }),
      issues,
      asOf: composition.clock().now().toISOString(),
    },
  };
});
