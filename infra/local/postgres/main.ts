/**
 * PostgreSQL with Darkroom's database: `main.ts --state DIR [--port N] [--sample-orders] [--temporary]`. It makes what is
 * missing, migrates, gives each role its login, puts a small set of orders into an empty order desk if asked to, prints
 * one line {"event":"listening","port","migrations"} and stops on SIGTERM. `--temporary` (tests) never waits for the disk and
 * removes the state at the end.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { migrateEmbedded } from '../../../shared/database/migrations/embedded.ts';
import { runAsPart } from '../part.ts';
import { seedSampleOrders } from '../seed.ts';
import { freePort } from '../supervisor/ports.ts';
import { dropPostgresFolder, postgresFolder } from './account.ts';
import { ownerAddress, ownerPassword } from './addresses.ts';
import { initialise, isInitialised } from './data-directory.ts';
import { ensureDatabase, ensureLogins } from './logins.ts';
import { startServer } from './server.ts';

const { values } = parseArgs({
  options: {
    state: { type: 'string' },
    port: { type: 'string' },
    'sample-orders': { type: 'boolean', default: false },
    temporary: { type: 'boolean', default: false },
  },
});
const { state } = values;
if (state === undefined) throw new Error('Say where the state lives: --state DIR');

const folder = postgresFolder(state);
const data = join(folder, 'one');
const undurable = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off' };

await runAsPart(async () => {
  const port = values.port === undefined ? await freePort() : Number(values.port);
  if (!isInitialised(data)) await initialise(data, ownerPassword(folder));
  const server = await startServer({
    data,
    port,
    settings: values.temporary ? undurable : {},
    onLine: (line) => console.error(line),
  });
  // The supervisor starts it again.
  void server.failed.then(() => process.exit(1));
  await ensureDatabase(ownerAddress(folder, port, 'postgres'));
  const address = ownerAddress(folder, port);
  const applied = await migrateEmbedded(address);
  await ensureLogins(address, folder);
  if (values['sample-orders']) await seedSampleOrders(address);
  return {
    announce: { port, migrations: applied.length },
    async close() {
      await server.stop();
      if (!values.temporary) return;
      dropPostgresFolder(state);
      rmSync(state, { recursive: true, force: true });
    },
  };
});
