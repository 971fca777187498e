import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { readMigrations, type Migration } from '../../../../../shared/database/migrations/files.ts';
import { migrateEmbedded } from '../../../../../shared/database/migrations/embedded.ts';
import type { SchemaName } from '../../../../../shared/database/catalog/index.ts';
import { dialect, toWire } from '../../../../../shared/database/embedded/values.ts';
import { seedDatabase } from '../../../../../shared/database/seed/seed.ts';
import { selectStatement } from '../../../../../shared/database/select.ts';
import { openDatabase } from '../../../../../shared/database/open.ts';
import { snapshotOf } from '../../../../../shared/database/lint/postgres.ts';
import { probeEmbedded } from '../../../../../shared/database/rights/embedded.ts';
import { settled, testDatabase } from '../../../../support/postgres.ts';
import { withExtra, type Engine, type EngineCatalogue, type EngineKind } from './engine.ts';

async function catalogue(client: pg.Client, schema: string): Promise<EngineCatalogue> {
  const views = await client.query<{ object: string; name: string; type: string }>(
    `SELECT c.relname AS object, a.attname AS name, t.typname AS type
     FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid JOIN pg_type AS t ON t.oid = a.atttypid
     WHERE c.relnamespace = $1::regnamespace AND a.attnum > 0 ORDER BY c.relname, a.attnum`,
    [schema],
  );
  const parameters = await client.query<{ object: string; name: string | null; type: string | null }>(
    `SELECT p.proname AS object, substr(p.proargnames[a.n], 3) AS name, t.typname AS type
     FROM pg_proc AS p LEFT JOIN LATERAL unnest(p.proargtypes) WITH ORDINALITY AS a (oid, n) ON true
     LEFT JOIN pg_type AS t ON t.oid = a.oid
     WHERE p.pronamespace = $1::regnamespace ORDER BY p.proname, a.n`,
    [schema],
  );
  const grouped = (rows: readonly { object: string; name: string | null; type: string | null }[]) => {
    const result: Record<string, { name: string; type: string }[]> = {};
    for (const { object, name, type } of rows) {
      const list = (result[object] ??= []);
      if (name !== null && type !== null) list.push({ name, type });
    }
    return result;
  };
  return { views: grouped(views.rows), procedures: grouped(parameters.rows) };
}

const fillImages = `
  INSERT INTO imaging.images (image_id, owner, source, status, content_type, bytes, width, height, sha256, correlation_id,
                              uploaded_at, delete_at)
  SELECT gen_random_uuid(), 'user-' || n % 200, 'http', 'stored', 'image/png', n, 1, 1, repeat('a', 64), 'c',
         timestamptz '2026-03-01' + n * interval '1 second', timestamptz '2026-03-08' + n * interval '1 second'
  FROM generate_series(1, 20000) AS n;
  INSERT INTO orders.history (entity, entity_id, action) SELECT 'order', n % 5000, 'completed' FROM generate_series(1, 20000) AS n;
  ANALYZE imaging.images, orders.history`;

async function start(): Promise<Engine> {
  const addresses = await testDatabase();
  const owner = new pg.Client({ connectionString: addresses.owner });
  await owner.connect();
  const kept: Migration[] = [];
  const open: { close(): Promise<void> }[] = [];
  const people: string[] = [];
  const database = settled(openDatabase({ DARKROOM_DATABASE: addresses.service }), addresses);
  return {
    database,
    sql: async (statement) => (await owner.query<Record<string, unknown>>(statement)).rows,
    catalogue: (schema) => catalogue(owner, schema),
    probe: async () => {
      const probe = await probeEmbedded(addresses.owner, addresses.service);
      open.push(probe);
      return probe;
    },
    snapshot: async (plant = '') => {
      await owner.query(`BEGIN; ${plant}`);
      try {
        return await snapshotOf(owner);
      } finally {
        await owner.query('ROLLBACK');
      }
    },
    person: async (role) => {
      const login = `person_${randomUUID().replaceAll('-', '')}`;
      await owner.query(`CREATE ROLE ${login} LOGIN PASSWORD 'a test' IN ROLE ${role}`);
      people.push(login);
      const url = new URL(addresses.owner);
      Object.assign(url, { username: login, password: 'a test' });
      const person = openDatabase({ DARKROOM_DATABASE: url.href });
      open.push(person);
      return { database: person, login };
    },
    migrate: async (extra = [], alone = false) => {
      const files = alone ? extra : withExtra(await readMigrations('embedded'), kept, extra);
      const names = await migrateEmbedded(addresses.owner, files);
      kept.push(...extra.filter(({ name }) => names.includes(name)));
      return names;
    },
    fill: async () => {
      const request = {
        members: 500,
        products: 100,
        transactions: 20_000,
        until: new Date('2026-03-15T12:00:00Z'),
      };
      await seedDatabase(addresses.owner, { ...request, years: 1 });
      await owner.query(fillImages);
    },
    explain: async (schema, view, filter) => {
      const { text, parameters } = selectStatement(dialect, schema as SchemaName, view, filter);
      const { rows } = await owner.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${text}`, parameters.map(toWire));
      return rows.map((row) => row['QUERY PLAN']).join('\n');
    },
    separator: '\n',
    folder: 'embedded',
    async stop() {
      await Promise.all([database, ...open].map((one) => one.close()));
      for (const login of people) await owner.query(`DROP ROLE ${login}`);
      await owner.end();
      await addresses.drop();
    },
  };
}

export const embedded: EngineKind = { name: 'PostgreSQL', limits: {}, start };
