/**
 * The embedded database engine in a process of its own: PGlite behind a postgres:// endpoint on loopback.
 * `main.ts --data DIR [--port N] [--sample-orders]` migrates, puts a small set of orders into an empty order desk if
 * asked to, prints one line {"event":"listening","url","adminUrl"} and stops on SIGTERM.
 */
import { mkdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { PGlite } from '@electric-sql/pglite';
import { migrateEmbedded } from '../../../shared/database/migrations/embedded.ts';
import { seedSampleOrders } from '../seed.ts';
import { lockDirectory } from './lock.ts';
import { serve } from './server.ts';

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    port: { type: 'string', default: '0' },
    'sample-orders': { type: 'boolean', default: false },
  },
});
if (values.data === undefined) throw new Error('Say where the data lives: --data DIR');

const say = (line: Record<string, unknown>): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

mkdirSync(values.data, { recursive: true });
await lockDirectory(values.data);
const engine = await PGlite.create({ dataDir: values.data });
const endPoint = await serve(engine, Number(values.port), (error) => {
  say({ event: 'failed', message: error instanceof Error ? error.message : 'unknown' });
  process.exit(1);
});

let stopping = false;
const stop = async (): Promise<void> => {
  if (stopping) return;
  stopping = true;
  await endPoint.close();
  await engine.close();
  say({ event: 'stopped' });
  process.exit(0);
};
process.on('SIGTERM', () => void stop());
process.on('SIGINT', () => void stop());

const at = (user: string): string => `postgres://${user}@127.0.0.1:${endPoint.port}/darkroom`;
const applied = await migrateEmbedded(at('postgres'));
if (values['sample-orders']) await seedSampleOrders(at('postgres'));
say({ event: 'listening', url: at('darkroom'), adminUrl: at('postgres'), migrations: applied.length });
