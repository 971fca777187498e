import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { answerOf } from '../../../client/api.ts';
import { apiOf, cachedTokens, type Connection } from '../../../client/connection.ts';
import { openImageProducer } from '../../../client/image-producer.ts';
import { waitForImage } from '../../../client/wait-for-image.ts';
import { ledgerContainer } from '../../../shared/platform/blobs/containers.ts';
import { imageDigest } from '../../../shared/platform/image-id.ts';
import { root } from '../component-process.ts';
import { dropPostgresFolder } from '../postgres/account.ts';
import type { TableState } from '../postgres/fingerprint.ts';
import { startStack, type Stack } from '../stack.ts';
import { platformComponents } from '../supervisor/components.ts';
import { freePort, type Ports } from '../supervisor/ports.ts';
import { ledgerAddress, storageAddress } from '../supervisor/settings.ts';
import { loadSecrets } from '../supervisor/state.ts';
import { supervise } from '../supervisor/supervise.ts';
import { databasePair, moveStores } from './lose-region.ts';
import { isWhole, sendByHttp, sendByKafka, statusOf, type SentImage } from './lost-images.ts';
import {
  situations,
  type FailoverStep,
  type ImageOutcome,
  type RegionLossReport,
  type Situation,
} from './runbook.ts';
import { StoragePair, type Blobs } from './storage-pair.ts';

export interface DrillOptions {
  /** Images of each kind. */
  readonly images: number;
  readonly onStep?: (step: string) => void;
}

const settleMs = 60_000;
/** A sweep takes what is older than a quarter of an hour; it comes every hour. */
const outageMs = 3_600_000;

export const connectionTo = (stack: Stack): Connection => ({
  api: stack.endpoints.api,
  token: cachedTokens((persona) => stack.token(persona)),
  kafka: () => ({ broker: stack.endpoints.kafka, connectionString: stack.endpoints.hubs }),
});

export const darkroom = (stateDir: string, ...words: readonly string[]) =>
  promisify(execFile)(process.execPath, ['cli/darkroom.mjs', ...words], {
    cwd: root,
    env: { ...process.env, DARKROOM_HOME: stateDir, NO_COLOR: '1' },
  });

const same = <T>(before: ReadonlyMap<string, T>, after: ReadonlyMap<string, T>): number =>
  [...before].filter(([name, value]) => after.get(name) === value).length;

const only = (blobs: Blobs, container: string): Blobs =>
  new Map([...blobs].filter(([name]) => name.startsWith(`${container}/`)));

export const tableDigests = (tables: readonly TableState[]): ReadonlyMap<string, string> =>
  new Map(tables.map(({ table, rows, digest }) => [table, `${rows} ${digest}`]));

async function times<T>(count: number, work: () => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let index = 0; index < count; index += 1) results.push(await work());
  return results;
}

/** Waits until the work of `images` is over in the first region. */
export async function settled(connection: Connection, images: readonly SentImage[]): Promise<void> {
  for (const { id } of images) {
    const image = await waitForImage(connection, id, { timeoutMs: settleMs });
    if (image?.status !== 'processed')
      throw new Error(`${id} is ${image?.status ?? 'unknown'} before the loss.`);
  }
}

/** A purge ends with a checkpoint: what somebody outside keeps of the log. */
export async function newCheckpoint(connection: Connection): Promise<string> {
  await answerOf(apiOf(connection, 'engineering').POST('/operations/purge', { body: {} }));
  const answer = await fetch(`${connection.api}/api/ledger/checkpoint`);
  if (!answer.ok) throw new Error(`The log answered ${answer.status}.`);
  return answer.text();
}

/**
 * Brings images into each state that a loss can find them in. The log's files are copied only as far as they were before
 * the last checkpoint that the database of the other region knows.
 */
async function prepare(first: Stack, pair: StoragePair, folder: string, count: number) {
  const connection = connectionTo(first);
  const database = databasePair(first);
  const producer = openImageProducer(connection.kafka());
  const by = async (situation: Situation) => times(count, () => sendByHttp(connection, folder, situation));
  const copied = [
    ...(await by('copied')),
    ...(await times(count, () => sendByKafka(producer, folder, 'copied'))),
  ];
  const erased = await by('erased');
  await settled(connection, [...copied, ...erased]);
  await darkroom(first.stateDir, 'lake', 'export');
  await newCheckpoint(connection);
  await pair.sync();
  pair.holdBack([`${ledgerContainer}/`]);

  const rowOnly = await by('rowOnly');
  await settled(connection, rowOnly);
  pair.holdBack(rowOnly.map(({ id }) => id));
  const kept = join(folder, 'checkpoint');
  writeFileSync(kept, await newCheckpoint(connection));
  await caughtUp(database);

  await database.cut();
  const bytesOnly = await by('bytesOnly');
  await settled(connection, bytesOnly);
  const copiedBlobs = await pair.sync();

  for (const { id } of erased)
    await answerOf(apiOf(connection, 'uploader').DELETE('/images/{id}', { params: { path: { id } } }));
  const neither = await by('neither');
  await first.lose('functions');
  const hubOnly = await times(count, () => sendByKafka(producer, folder, 'hubOnly'));
  const [tables, here] = await Promise.all([database.tables(), pair.blobs()]);
  await producer.close().catch(() => undefined);
  return {
    images: [...copied, ...rowOnly, ...bytesOnly, ...neither, ...hubOnly, ...erased],
    copiedBlobs,
    tables,
    database,
    kept,
    notCopied: here.size - same(here, copiedBlobs),
    logNotCopied: only(here, ledgerContainer).size - only(copiedBlobs, ledgerContainer).size,
  };
}

async function caughtUp(database: ReturnType<typeof databasePair>): Promise<void> {
  for (;;) {
    const [here, there] = await Promise.all([database.tables(), database.standbyTables()]);
    if (same(tableDigests(here), tableDigests(there)) === here.length) return;
    await wait(100);
  }
}

/** Runs the runbook, and notes what each step did and how long it took. */
export class Steps<Step extends string> {
  readonly done: { step: Step; what: string; milliseconds: number }[] = [];
  readonly #began = performance.now();
  readonly #say: (step: string) => void;

  constructor(say: (step: string) => void) {
    this.#say = say;
  }

  /** Since the region was lost. */
  get milliseconds(): number {
    return Math.round(performance.now() - this.#began);
  }

  async run<T>(step: Step, work: () => Promise<T>, say: (result: T) => string): Promise<T> {
    const began = performance.now();
    const result = await work();
    const what = say(result);
    this.done.push({ step, what, milliseconds: Math.round(performance.now() - began) });
    this.#say(`${step}: ${what}`);
    return result;
  }
}

const whole = async (connection: Connection, images: readonly SentImage[]): Promise<Set<string>> => {
  const found = new Set<string>();
  for (const image of images) if (await isWhole(connection, image)) found.add(image.id);
  return found;
};

export async function untilWhole(connection: Connection, images: readonly SentImage[]): Promise<Set<string>> {
  const deadline = performance.now() + settleMs;
  for (;;) {
    const found = await whole(connection, images);
    if (found.size === images.length || performance.now() > deadline) return found;
    await wait(500);
  }
}

const engineer = (connection: Connection) => apiOf(connection, 'engineering');

/** The replica knows nothing of the last erasures: their ids come from the receipts that their owners hold. */
async function replayLedger(connection: Connection, erased: readonly SentImage[]): Promise<number> {
  const body = { replayLedger: true, digests: erased.map(({ id }) => imageDigest(id)) };
  const answer = await answerOf(engineer(connection).POST('/operations/purge', { body }));
  return answer.data.cameBack ?? 0;
}

async function leftOf(connection: Connection, erased: readonly SentImage[]): Promise<number> {
  const statuses = await Promise.all(erased.map(({ id }) => statusOf(connection, id)));
  return statuses.filter((status) => status !== 404 && status !== 410).length;
}

export const sweep = (connection: Connection) =>
  answerOf(engineer(connection).POST('/operations/purge', { body: { sweep: true } }));

function outcomes(
  images: readonly SentImage[],
  afterSweep: ReadonlySet<string>,
  atEnd: ReadonlySet<string>,
  cameBack: number,
): ImageOutcome[] {
  return (Object.keys(situations) as Situation[]).map((situation) => {
    const mine = images.filter((image) => image.situation === situation);
    const count = (among: ReadonlySet<string>) => mine.filter(({ id }) => among.has(id)).length;
    return {
      situation,
      images: mine.length,
      wholeAfterSweep: count(afterSweep),
      wholeAtEnd: count(atEnd),
      ...(situation === 'erased' && { cameBack }),
    };
  });
}

/** Walks through docs/disaster-recovery.md in the second region; `pair` is the directory of the account's copy there. */
async function failOver(
  first: Stack,
  prepared: Awaited<ReturnType<typeof prepare>>,
  pair: string,
  options: DrillOptions,
): Promise<RegionLossReport> {
  const { images, database, tables, copiedBlobs } = prepared;
  const steps = new Steps<FailoverStep>(options.onStep ?? (() => undefined));
  const promoted = await steps.run(
    'Database',
    async () => {
      await database.promote();
      return database.standbyTables();
    },
    (now) =>
      `the standby is the primary; ${same(tableDigests(tables), tableDigests(now))} of ${tables.length} tables are what they were`,
  );
  const databaseMs = steps.milliseconds;
  await first.stop();
  database.forget();
  await steps.run(
    'Event Hubs',
    () => Promise.resolve(),
    () => 'the alias names a namespace whose hubs are empty',
  );
  await steps.run(
    'Storage',
    () => {
      moveStores(first.stateDir, pair, outageMs);
      return Promise.resolve();
    },
    () => `the accounts lead to the pair, which has ${copiedBlobs.size} blobs`,
  );
  const second = await steps.run(
    'Move the work',
    () => startStack({ stateDir: first.stateDir, ports: first.ports, hasReplica: false }),
    () => 'the apps of the second region run',
  );
  const apiMs = steps.milliseconds;
  try {
    second.moveClock(outageMs);
    const connection = connectionTo(second);
    const storage = new StoragePair(second.endpoints, second.endpoints);
    const moved = await storage.blobs();
    const kept = images.filter(({ situation }) => situation !== 'erased');
    const gone = images.filter(({ situation }) => situation === 'erased');
    const cameBack = await steps.run(
      'Replay the ledger',
      () => replayLedger(connection, gone),
      (count) => `${count} erased images had come back and are erased again`,
    );
    const mayReturn = kept.filter(({ situation }) => situation === 'copied' || situation === 'bytesOnly');
    const afterSweep = await steps.run(
      'Sweep',
      async () => {
        const { data } = await sweep(connection);
        await untilWhole(connection, mayReturn);
        return { report: data.sweep!, found: await whole(connection, kept) };
      },
      ({ report }) =>
        `${report.resent} images without a row are processed again, ${report.missingBytes} rows have no bytes`,
    );
    const atEnd = await steps.run(
      'Send again',
      () =>
        sendAgain(
          connection,
          kept.filter(({ id }) => !afterSweep.found.has(id)),
          kept,
        ),
      (found) => `${found.size} of ${kept.length} images are whole`,
    );
    const imagesMs = steps.milliseconds;
    await steps.run(
      'Look',
      () => look(second, connection, prepared.kept),
      (sentences) => sentences.join(' '),
    );
    const [lake, log] = [only(copiedBlobs, 'lake'), only(copiedBlobs, ledgerContainer)];
    return {
      steps: steps.done,
      database: {
        tables: tables.length,
        same: same(tableDigests(tables), tableDigests(promoted)),
        rowsLost: rowsLost(tables, promoted),
      },
      storage: { blobs: copiedBlobs.size, same: same(copiedBlobs, moved), notCopied: prepared.notCopied },
      hubs: { recordsLost: images.filter(({ situation }) => situation === 'hubOnly').length },
      lake: { blobs: lake.size, same: same(lake, moved) },
      ledger: { blobs: log.size, same: same(log, moved), notCopied: prepared.logNotCopied },
      images: outcomes(images, afterSweep.found, atEnd, cameBack),
      lost: kept.length - atEnd.size + (await leftOf(connection, gone)),
      recoveryMs: { database: databaseMs, api: apiMs, images: imagesMs },
    };
  } finally {
    await second.stop();
  }
}

/** Both commands end with 1 when something is not right: the step, and with it the drill, fails. */
async function look({ stateDir }: Stack, connection: Connection, kept: string): Promise<readonly string[]> {
  await newCheckpoint(connection);
  const whole = await darkroom(stateDir, 'ledger', 'verify');
  const continued = await darkroom(stateDir, 'ledger', 'verify', '--against', kept);
  return [whole, continued].map(({ stdout }) => stdout.trim());
}

const rowsLost = (before: readonly TableState[], after: readonly TableState[]): number =>
  before.reduce((sum, { table, rows }) => {
    const now = after.find((one) => one.table === table)?.rows ?? 0;
    return sum + Math.max(0, rows - now);
  }, 0);

/** Senders send what they have no outcome for; derivatives of images whose row had survived are made anew. */
async function sendAgain(
  connection: Connection,
  missing: readonly SentImage[],
  all: readonly SentImage[],
): Promise<Set<string>> {
  const producer = openImageProducer(connection.kafka());
  try {
    for (const image of missing) await image.sendAgain(connection, producer);
  } finally {
    await producer.close();
  }
  const ids = missing.filter(({ situation }) => situation === 'rowOnly').map(({ id }) => id);
  await answerOf(engineer(connection).POST('/operations/reprocess', { body: { ids } }));
  return untilWhole(connection, all);
}

/** The two accounts' pairs in the other region, with a server of their own. */
async function startPair(folder: string, ports: Ports, secrets: ReturnType<typeof loadSecrets>) {
  const port = await freePort();
  const { azurite } = platformComponents({ stateDir: folder, ports: { ...ports, blob: port }, secrets });
  const server = supervise(azurite, () => undefined);
  await server.listening();
  const addresses = {
    storage: storageAddress(port, secrets.storageKey),
    ledger: ledgerAddress(port, secrets.ledgerStorageKey),
  };
  return { server, addresses, folder: join(folder, 'azurite') };
}

/**
 * A region is lost: its apps, hubs, store and primary end at once with SIGKILL and their disks are gone. What is left is the
 * standby of the database and the copy of the blob account, each as far as it had come.
 */
export async function drillRegionLoss(options: DrillOptions): Promise<RegionLossReport> {
  const folder = mkdtempSync(join(tmpdir(), 'darkroom-region-'));
  const stateDir = join(folder, 'state');
  const first = await startStack({ stateDir, ports: 'ephemeral', hasReplica: true });
  try {
    const pair = await startPair(join(folder, 'pair'), first.ports, loadSecrets(stateDir));
    const copier = new StoragePair(first.endpoints, pair.addresses);
    const prepared = await prepare(first, copier, join(folder, 'images'), options.images);
    options.onStep?.(`${prepared.images.length} images were acknowledged; the region is lost.`);
    for (const part of ['azurite', 'event-hubs', `database-${prepared.database.primary}`] as const)
      await first.lose(part);
    await pair.server.stop();
    return await failOver(first, prepared, pair.folder, options);
  } finally {
    await first.stop().catch(() => undefined);
    dropPostgresFolder(stateDir);
    rmSync(folder, { recursive: true, force: true });
  }
}
