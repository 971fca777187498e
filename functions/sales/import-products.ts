import type { HttpRequest } from '@azure/functions';
import { DarkroomError } from '../../shared/platform/errors.ts';
import { requestBody } from '../../shared/platform/http/request-body.ts';
import { registerRoute } from '../register-route.ts';
import { composition } from '../composition.ts';
import { importLimits, readProductCsv, unreadableNames } from './product-csv.ts';
import { importProductsRoute } from './routes.ts';

async function readCsvBody(request: HttpRequest): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of requestBody(request)) {
    size += chunk.byteLength;
    if (size > importLimits.bytes) {
      throw new DarkroomError('too-large', `One file may have ${importLimits.bytes} bytes.`);
    }
    chunks.push(chunk);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch (cause) {
    throw new DarkroomError('invalid-value', 'The file is not UTF-8 text: save it as "CSV UTF-8".', {
      cause,
    });
  }
}

registerRoute(importProductsRoute, async ({ request, principal, query }) => {
  const dryRun = query.dryRun === 'true';
  const rows = readProductCsv(await readCsvBody(request));
  if (rows.length === 0) throw new DarkroomError('empty-body', 'The file has no rows.');
  const database = await composition.database();
  const unreadable = rows.flatMap(unreadableNames);
  const results = await database.execute(
    'sales',
    'import_products',
    {
      rows: rows.filter(({ line }) => unreadable.every(({ row }) => row !== line)),
      dry_run: dryRun || unreadable.length > 0,
    },
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
  const count = (outcome: string): number => results.filter((result) => result.outcome === outcome).length;
  return {
    jsonBody: {
      applied: !dryRun,
      rows: rows.length,
      added: count('added'),
      changed: count('changed'),
      unchanged: count('unchanged'),
      changes: results
        .filter(({ outcome }) => outcome === 'added' || outcome === 'changed')
        .map(({ line, outcome, product_id: productId }) => ({ row: line, outcome, productId })),
      issues,
      asOf: composition.clock().now().toISOString(),
    },
  };
});
