import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { readMigrations, type Migration } from '../../../../shared/database/migrations/files.ts';
import { migrateEmbedded } from '../../../../shared/database/migrations/embedded.ts';
import { openDatabase } from '../../../../shared/database/open.ts';
import { probeEmbedded } from '../../../../shared/database/rights/embedded.ts';
import { runPart } from '../../../support/part.ts';
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

async function start(): Promise<Engine> {
  const directory = await mkdtemp(join(tmpdir(), 'darkroom-database-'));
  const part = await runPart('infra/local/database/main.ts', ['--data', directory]);
  const url = String(part.announcement['url']);
  const owner = new pg.Client({ connectionString: String(part.announcement['adminUrl']) });
  await owner.connect();
  const kept: Migration[] = [];
  const open: { close(): Promise<void> }[] = [];
  const database = openDatabase({ DARKROOM_DATABASE: url });
  return {
    database,
    sql: async (statement) => (await owner.query<Record<string, unknown>>(statement)).rows,
    catalogue: (schema) => catalogue(owner, schema),
    probe: async () => {
      const probe = await probeEmbedded(String(part.announcement['adminUrl']));
      open.push(probe);
      return probe;
    },
    person: async (role) => {
      const login = `person_${role}`;
      const { rowCount } = await owner.query('SELECT FROM pg_roles WHERE rolname = $1', [login]);
      if (rowCount === 0) await owner.query(`CREATE ROLE ${login} LOGIN IN ROLE ${role}`);
      const person = openDatabase({ DARKROOM_DATABASE: url.replace('darkroom@', `${login}@`) });
      open.push(person);
      return { database: person, login };
    },
    migrate: async (extra = [], alone = false) => {
      const files = alone ? extra : withExtra(await readMigrations('embedded'), kept, extra);
      const names = await migrateEmbedded(String(part.announcement['adminUrl']), files);
      kept.push(...extra.filter(({ name }) => names.includes(name)));
      return names;
    },
    separator: '\n',
    folder: 'embedded',
    async stop() {
      await Promise.all([database.close(), owner.end(), ...open.map((one) => one.close())]);
      await part.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

export const embedded: EngineKind = { name: 'PGlite', limits: {}, start };
