import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { componentNames } from '../../infra/local/supervisor/components.ts';
import { hour } from '../../shared/platform/clock.ts';
import { imageLifetimeDays } from '../../shared/platform/retention.ts';
import { checkBounds } from './day/bounds.ts';
import { openLoad } from './day/load.ts';
import { counts } from './day/rules.ts';
import { measure, type Sizes } from './day/sizes.ts';
import { printHead, printRow } from './day/table.ts';
import { runStack } from './kill/stack-process.ts';
import type { Claim, Proof } from './proof.ts';

/**
 * Hours between two steps, each with the same load, and how many days: the last one counts, and is so late that what had not gone since the
 * first would be over its bound.
 */
const sizes = {
  whole: { hours: 1, days: imageLifetimeDays + 2 },
  short: { hours: 24, days: imageLifetimeDays + 3 },
} as const;
/** A day passes in less than a minute: what the parts do every minute or five of their own time, they do as much more often. */
const collectMs = 2_000;
const fasterDatabase = { autovacuum_naptime: '1s', checkpoint_timeout: '30s' };

async function openOwner(connectionString: string): Promise<pg.Client> {
  const owner = new pg.Client({ connectionString });
  await owner.connect();
  for (const [name, value] of Object.entries(fasterDatabase))
    await owner.query(`ALTER SYSTEM SET ${name} = '${value}'`);
  await owner.query('SELECT pg_reload_conf()');
  return owner;
}

async function walLimit(owner: pg.Client): Promise<number> {
  const { rows } = await owner.query<{ bytes: string }>(
    `SELECT sum(setting::bigint) * 1024 * 1024 AS bytes FROM pg_settings
     WHERE name IN ('max_wal_size', 'max_slot_wal_keep_size')`,
  );
  return Number(rows[0]!.bytes);
}

async function counted(owner: pg.Client, days: number): Promise<[string, number][]> {
  const found: [string, number][] = [['days', days]];
  for (const [name, table] of Object.entries(counts)) {
    const { rows } = await owner.query<{ count: string }>(`SELECT count(*) FROM ${table}`);
    found.push([name, Number(rows[0]!.count)]);
  }
  return found;
}

async function* proveDay({ isShort }: { readonly isShort: boolean }): AsyncGenerator<Claim> {
  const { hours, days } = isShort ? sizes.short : sizes.whole;
  const stack = await runStack({ AZURITE_COLLECT_MS: String(collectMs) });
  const owner = await openOwner(stack.record.databaseOwner);
  const load = await openLoad(stack, owner);
  try {
    const look = async (step: number): Promise<Sizes> =>
      new Map([...(await measure(stack, owner)), ...(await counted(owner, (step * hours) / 24))]);
    const last = (days * 24) / hours;
    const all = [await look(0)];
    printHead();
    for (let step = 1; step <= last; step += 1) {
      await load.work();
      all.push(await look(step));
      printRow(step * hours, all.at(-1)!);
      await load.pass(step * hours * hour, (step * hours) % 24 === 0);
    }
    // Files in which nothing was ever seen go last: `unnamedLooks` in infra/local/azurite/collect-files.ts.
    await wait(14 * collectMs);
    all.push(await look(last));
    yield* checkBounds(all, { hours, walBytes: await walLimit(owner), components: componentNames.length });
  } finally {
    await load.close();
    await owner.end();
    await stack.stop();
  }
}

const day: Proof = {
  about:
    'a day of constant load after the longest retention: every part of the state directory stays in its bound',
  claims: proveDay,
};

export default day;
