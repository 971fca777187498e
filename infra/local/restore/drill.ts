import { mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { renameNoteKey } from '../../../shared/images/erase/ledger/signed-note.ts';
import { writeWhole } from '../../write-whole.ts';
import { dropPostgresFolder, postgresFolder } from '../postgres/account.ts';
import { ownerAddress } from '../postgres/addresses.ts';
import { connected } from '../postgres/connected.ts';
import { backUp, recoverTo } from '../postgres/copy.ts';
import { fingerprint, type TableState } from '../postgres/fingerprint.ts';
import { startServer } from '../postgres/server.ts';
import { dataOf, primaryOf } from '../postgres/slots.ts';
import {
  connectionTo,
  darkroom,
  newCheckpoint,
  settled,
  Steps,
  sweep,
  tableDigests,
  untilWhole,
} from '../region-loss/drill.ts';
import { age } from '../region-loss/lose-region.ts';
import { sendByHttp, statusOf, type SentImage } from '../region-loss/lost-images.ts';
import { startStack, type Stack } from '../stack.ts';
import { databasePorts } from '../supervisor/components.ts';
import type { Comparison, RestoreReport, RestoreStep } from './report.ts';
import { changeOrders, eraseImage, memberWithOrders, nameMoment, placeOrders } from './work.ts';

const moment = 'drill';
/** A sweep takes what is older than a quarter of an hour. */
const outageMs = 3_600_000;

interface Prepared {
  /** What every table held at the moment. */
  readonly tables: readonly TableState[];
  /** There at the moment: sent before the backup, and after it. */
  readonly kept: readonly SentImage[];
  /** Erased behind the moment, which the database forgets. */
  readonly erased: readonly SentImage[];
  /** Sent behind it: the database forgets the row, and the store has the bytes. */
  readonly late: readonly SentImage[];
  readonly lostOrders: readonly number[];
  readonly receipts: string;
}

/** Work before a base backup, behind it, and behind the moment to which the database is restored. */
async function prepare(stack: Stack, folder: string): Promise<Prepared> {
  const connection = connectionTo(stack);
  const [images, receipts] = [join(folder, 'images'), join(folder, 'receipts')];
  const send = async (count: number) => {
    const sent: SentImage[] = [];
    for (let index = 0; index < count; index += 1) sent.push(await sendByHttp(connection, images, 'copied'));
    await settled(connection, sent);
    return sent;
  };
  const [first, erased] = [await send(1), await send(2)];
  await placeOrders(stack, [2, 3]);
  await darkroom(stack.stateDir, 'lake', 'export');
  const postgres = postgresFolder(stack.stateDir);
  await backUp(stack.databaseOwner(), dataOf(postgres, primaryOf(postgres)), join(postgres, 'backup'));

  const second = await send(1);
  await placeOrders(stack, [4, 5, 6]);
  await darkroom(stack.stateDir, 'lake', 'export');
  const tables = await nameMoment(stack, moment);

  const late = await send(1);
  // PostgreSQL logs a sequence 32 values ahead, so the ids of the first ones are not given again.
  const lostOrders = await placeOrders(
    stack,
    Array.from({ length: 40 }, (_, index) => 70 + index),
  );
  await changeOrders(stack);
  for (const { id } of erased) await eraseImage(connection, id, receipts);
  const { id } = await memberWithOrders(stack);
  await darkroom(
    stack.stateDir,
    'person',
    'erase',
    '--member',
    id,
    '--reason',
    'asked',
    '--receipts',
    receipts,
  );
  await darkroom(stack.stateDir, 'lake', 'export');
  await newCheckpoint(connection);
  return { tables, kept: [...first, ...second], erased, late, lostOrders, receipts };
}

/** Recovers the backup to the moment, with the log that the lost server left; answers what the tables then hold. */
async function recover({ stateDir, ports }: Stack): Promise<TableState[]> {
  const postgres = postgresFolder(stateDir);
  const slot = primaryOf(postgres);
  const [data, broken] = [dataOf(postgres, slot), join(postgres, 'broken')];
  renameSync(data, broken);
  renameSync(join(postgres, 'backup'), data);
  const port = databasePorts(ports)[slot];
  const settings = recoverTo(data, join(broken, 'pg_wal'), moment);
  const server = await startServer({ data, port, settings });
  try {
    const isPrimary = 'SELECT NOT pg_is_in_recovery() AS done';
    return await connected(ownerAddress(postgres, port), async (client) => {
      while (!(await client.query<{ done: boolean }>(isPrimary)).rows[0]!.done) await wait(50);
      return fingerprint(client);
    });
  } finally {
    await server.stop();
  }
}

/** The old log has entries that the database lost: it ends, and a new one begins. */
function nameLogAnew(stateDir: string): void {
  const file = join(stateDir, 'secrets.json');
  const secrets = JSON.parse(readFileSync(file, 'utf8')) as { ledgerKey: string };
  const ledgerKey = renameNoteKey(secrets.ledgerKey, 'darkroom.localhost/ledger-2');
  writeWhole(file, JSON.stringify({ ...secrets, ledgerKey }, null, 2));
}

const differences = async (stateDir: string): Promise<number> => {
  // Exit code 1 says that there are some.
  const verify = darkroom(stateDir, 'lake', 'verify', '--json');
  const { stdout } = await verify.catch((error: unknown) => error as { stdout: string });
  return (JSON.parse(stdout) as { differences: readonly unknown[] }).differences.length;
};

const compared = (what: string, expected: unknown, found: unknown): Comparison => ({
  what,
  expected: String(expected),
  found: String(found),
});

/** Walks through "Restoring the database" of docs/disaster-recovery.md. */
async function restore(
  first: Stack,
  prepared: Prepared,
  say: (step: string) => void,
): Promise<RestoreReport> {
  const { stateDir, ports } = first;
  const { tables, kept, erased, late, lostOrders, receipts } = prepared;
  const steps = new Steps<RestoreStep>(say);
  await first.stop();
  const restored = await steps.run(
    'Restore',
    () => recover(first),
    (now) => `the backup and the log to the named moment: ${now.length} tables`,
  );
  age(join(stateDir, 'azurite'), outageMs);
  await steps.run(
    'Name the log anew',
    () => {
      nameLogAnew(stateDir);
      return Promise.resolve();
    },
    () => 'the published log has entries that the database lost',
  );
  const second = await steps.run(
    'Start',
    () => startStack({ stateDir, ports, hasReplica: false }),
    () => 'the apps run on the restored database',
  );
  try {
    const connection = connectionTo(second);
    const statuses = async (images: readonly SentImage[]) =>
      (await Promise.all(images.map(({ id }) => statusOf(connection, id)))).join(' ');
    const back = await statuses(erased);
    const name = await memberWithOrders(second);
    // Orders go on at once, under the ids of those that were lost.
    const again = await placeOrders(second, [1000, 2000]);
    const before = await differences(stateDir);
    await steps.run(
      'Replay the ledger',
      () => darkroom(stateDir, 'restore', '--receipts', receipts),
      ({ stdout }) => stdout.trim().replaceAll('\n', ' '),
    );
    await steps.run(
      'Export',
      () => darkroom(stateDir, 'lake', 'export'),
      () => `the lake, which differed in ${before} figures, is written anew`,
    );
    const found = await steps.run(
      'Sweep',
      async () => {
        await sweep(connection);
        return untilWhole(connection, [...kept, ...late]);
      },
      (whole) => `${whole.size} of ${kept.length + late.length} images are whole`,
    );
    await newCheckpoint(connection);
    await steps.run(
      'Look',
      () => darkroom(stateDir, 'ledger', 'verify'),
      ({ stdout }) => stdout.trim(),
    );
    await darkroom(stateDir, 'lake', 'export');
    const [then, now] = [tableDigests(tables), tableDigests(restored)];
    const isSame = [...then].filter(([table, digest]) => now.get(table) === digest).length;
    const reused = again.filter((id) => lostOrders.includes(id)).length;
    const all = [
      compared('tables that are what they were at the moment', tables.length, isSame),
      compared('orders given ids that lost ones had', again.length, reused),
      compared('figures in which the lake differed before', 'some', before > 0 ? 'some' : 'none'),
      compared('figures in which lake and database differ', 0, await differences(stateDir)),
      compared('erased images, as the restore brought them back', '200 200', back),
      compared('erased images, at the end', '410 410', await statuses(erased)),
      compared('the erased member has a name again', true, !name.isErased),
      compared('the member is erased, at the end', true, (await memberWithOrders(second)).isErased),
      compared('images that are whole', kept.length + late.length, found.size),
    ];
    const wrong = all.filter((one) => one.expected !== one.found).length;
    return { steps: steps.done, compared: all, wrong };
  } finally {
    await second.stop();
  }
}

/** Restores the database of a stack of its own to an earlier moment, with work behind that moment, and compares what is left. */
export async function drillRestore(onStep: (step: string) => void = () => undefined): Promise<RestoreReport> {
  const folder = mkdtempSync(join(tmpdir(), 'darkroom-restore-'));
  const stateDir = join(folder, 'state');
  const stack = await startStack({ stateDir, ports: 'ephemeral', hasReplica: false });
  try {
    return await restore(stack, await prepare(stack, folder), onStep);
  } finally {
    await stack.stop().catch(() => undefined);
    dropPostgresFolder(stateDir);
    rmSync(folder, { recursive: true, force: true });
  }
}
