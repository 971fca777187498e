import { Readable } from 'node:stream';
import type { Database } from '../../shared/database/port.ts';
import { deadLetterConditions, type DeadLetterFilter } from '../../shared/operations/dead-letter-filter.ts';
import { deadLetterOrder } from '../../shared/operations/dead-letters.ts';
import { registerRoute } from '../register-route.ts';
import { composition } from '../composition.ts';
import { deadLetterView } from './dead-letter-view.ts';
import { exportDeadLettersRoute } from './routes.ts';

async function* lines(database: Database, filter: DeadLetterFilter): AsyncIterable<string> {
  const query = { where: deadLetterConditions(filter), orderBy: deadLetterOrder('asc') };
  for await (const rows of database.stream('operations', 'dead_letters', query)) {
    yield rows.map((row) => `${JSON.stringify(deadLetterView(row))}\n`).join('');
  }
}

registerRoute(exportDeadLettersRoute, async ({ query, principal, log }) => {
  const database = await composition.database();
  log.info('dead-letters.exported', { filter: query, actor: principal.id });
  const day = composition.clock().now().toISOString().slice(0, 10);
  return {
    headers: {
      'content-type': 'application/x-ndjson',
      'content-disposition': `attachment; filename="dead-letters-${day}.ndjson"`,
    },
    body: Readable.from(lines(database, query)),
  };
});
