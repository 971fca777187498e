import pg from 'pg';
import { answerOf } from '../../client/api.ts';
import { apiOf, type Connection } from '../../client/connection.ts';
import { waitForImage } from '../../client/wait-for-image.ts';
import { day, hour } from '../../shared/platform/clock.ts';
import { checkReceipt } from '../../shared/images/erase/ledger/check-receipt.ts';
import { openCheckpoint, signCheckpoint } from '../../shared/images/erase/ledger/checkpoint-note.ts';
import { checkAgainst, monitorLedger } from '../../shared/images/erase/ledger/monitor.ts';
import type { Receipt } from '../../shared/images/erase/ledger/receipt.ts';
import {
  makeNoteKey,
  noteSigner,
  noteVerifier,
  type NoteVerifier,
} from '../../shared/images/erase/ledger/signed-note.ts';
import { openLog } from '../../cli/support/ledger-files.ts';
import { eventually } from '../support/eventually.ts';
import { keepLedger } from '../support/kept-ledger.ts';
import { below, seeded } from '../support/random.ts';
import { sampleImage } from '../support/sample-images.ts';
import { tamperings } from '../support/tamperings.ts';
import { runStack, type StackProcess } from './kill/stack-process.ts';
import { equal, type Claim, type Proof } from './proof.ts';

interface Size {
  readonly rounds: number;
  readonly randomTamperings: number;
}

const sizes = { whole: { rounds: 8, randomTamperings: 1_000 }, short: { rounds: 4, randomTamperings: 50 } };
const receiptMs = 60_000;

type Outside = Awaited<ReturnType<typeof outside>>;

/** What anybody has: the public files, the key, and the checkpoints that somebody kept. */
async function outside({ record }: StackProcess) {
  const log = openLog(`${record.api}/api/ledger`);
  return { log, verifier: noteVerifier((await log.key()).trim()), kept: [] as string[] };
}

async function upload({ api, token }: Connection): Promise<string> {
  const body = Uint8Array.from(await sampleImage('png'));
  const headers = { authorization: `Bearer ${await token('uploader')}`, 'content-type': 'image/png' };
  const answer = await fetch(`${api}/api/images`, { method: 'POST', headers, body });
  if (answer.status !== 202) throw new Error(`POST answered ${answer.status}.`);
  return ((await answer.json()) as { images: [{ id: string }] }).images[0].id;
}

const engineer = (connection: Connection) => apiOf(connection, 'engineering');

/** Each round: two images come, one goes, and a purge ends with a checkpoint that somebody outside keeps. */
async function fill({ connection }: StackProcess, { log, kept }: Outside, rounds: number) {
  const [erased, living]: [string[], string[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    const [going, staying] = [await upload(connection), await upload(connection)];
    for (const id of [going, staying]) await waitForImage(connection, id, { timeoutMs: 60_000 });
    await answerOf(apiOf(connection, 'uploader').DELETE('/images/{id}', { params: { path: { id: going } } }));
    erased.push(going);
    living.push(staying);
    await answerOf(engineer(connection).POST('/operations/purge', { body: {} }));
    kept.push(await log.checkpoint());
  }
  return { erased, living };
}

/** The check that the system makes of itself, against the newest checkpoint in its store. */
async function isFound({ connection }: StackProcess): Promise<boolean> {
  const { data } = await answerOf(engineer(connection).GET('/operations/purges/verify'));
  return !data.valid;
}

async function receiptsOf({ connection }: StackProcess, ids: readonly string[]): Promise<Receipt[]> {
  const complete = async (id: string): Promise<Receipt | undefined> => {
    const answer = await fetch(`${connection.api}/api/images/${id}`, {
      headers: { authorization: `Bearer ${await connection.token('uploader')}` },
    });
    const { details } = (await answer.json()) as { details?: { receipt?: Receipt } };
    return answer.status === 410 && details?.receipt?.status === 'complete' ? details.receipt : undefined;
  };
  return Promise.all(ids.map((id) => eventually(() => complete(id), { within: receiptMs })));
}

const accepts = (receipt: Receipt, verifier: NoteVerifier): boolean => {
  try {
    checkReceipt(receipt, verifier);
    return true;
  } catch {
    return false;
  }
};

/** Each field of a receipt made another of the same form. */
const forgedReceipts = (receipt: Receipt): Receipt[] =>
  Object.entries(receipt).map(([field, value]) => {
    if (typeof value === 'number') return { ...receipt, [field]: value + 1 };
    if (Array.isArray(value)) return { ...receipt, [field]: value.slice(1) };
    if (field === 'status') return { ...receipt, status: 'pending' as const };
    if (field === 'kind') return { ...receipt, kind: value === 'sweep' ? 'erasure' : ('sweep' as const) };
    return { ...receipt, [field]: value?.replace(/[0-9a-f]/, (digit) => (digit === '0' ? '1' : '0')) };
  });

async function* proveReceipts(stack: StackProcess, { verifier }: Outside, erased: readonly string[]) {
  const receipts = await receiptsOf(stack, erased);
  const good = receipts.filter((receipt) => accepts(receipt, verifier)).length;
  yield equal('receipts that are complete within a minute and are right offline', good, erased.length);
  const forged = receipts.flatMap(forgedReceipts);
  const passed = forged.filter((receipt) => accepts(receipt, verifier)).length;
  yield {
    claim: 'receipts with a field changed that pass',
    holds: passed === 0,
    detail: `${passed} of ${forged.length}`,
  };
}

async function continues({ log, verifier }: Outside, note: string): Promise<boolean> {
  const head = openCheckpoint(await log.checkpoint(), verifier);
  return checkAgainst(log, { head, old: openCheckpoint(note, verifier) }).then(
    () => true,
    () => false,
  );
}

async function* proveCheckpoints(stack: StackProcess, public_: Outside): AsyncGenerator<Claim> {
  const { kept, verifier } = public_;
  const proven = await Promise.all(kept.map((note) => continues(public_, note)));
  yield equal('kept checkpoints that the log begins with', proven.filter(Boolean).length, kept.length);
  const stranger = noteSigner(makeNoteKey(verifier.name));
  const forged = signCheckpoint(openCheckpoint(kept[0]!, verifier), stranger);
  yield equal(
    'a checkpoint of another key is taken',
    await continues(public_, forged).catch(() => false),
    false,
  );
}

async function* proveCompleteness(public_: Outside, living: number): AsyncGenerator<Claim> {
  const note = await public_.log.checkpoint();
  const at = (now: Date) => monitorLedger(public_.log, note, { verifier: public_.verifier, now });
  const now = Date.now();
  yield equal(
    'omissions that a monitor sees before anything is due',
    (await at(new Date(now))).omissions.length,
    0,
  );
  const late = await at(new Date(now + 7 * day + 2 * hour));
  yield equal('omissions that it names when nothing more is erased', late.omissions.length, living);
}

/** What somebody does who owns the database, one after the other, each taken back; `tampered` says whether it was seen. */
async function attack(
  owner: pg.Client,
  restore: () => Promise<void>,
  sql: string,
  seen: () => Promise<boolean>,
): Promise<boolean> {
  try {
    await owner.query(sql);
    return await seen();
  } finally {
    await restore();
  }
}

const text = "to_hex((random() * 2147483647)::int) || '00000000'";
/** A column of an entry given another value. */
const columns: Readonly<Record<string, string>> = {
  commitment: `overlay(commitment placing substr(${text}, 1, 8) from 1)`,
  due_at: "replace(due_at, '.', '1.')",
  image_digest: `overlay(image_digest placing substr(${text}, 1, 8) from 1)`,
  salt: `overlay(salt placing substr(${text}, 1, 8) from 1)`,
  ...{ blobs: 'blobs + 1', bytes: 'bytes + 1', lake_rows: 'lake_rows + 1' },
  uploaded_at: "replace(uploaded_at, '.', '1.')",
  erased_at: "replace(erased_at, '.', '1.')",
  signature: "overlay(signature placing 'AAAAAAAA' from 9)",
};

function randomTampering(random: () => number, entries: number): string {
  const [column, value] = Object.entries(columns)[below(random, Object.keys(columns).length)]!;
  const entry = `(SELECT entry FROM imaging.ledger WHERE ${column} IS NOT NULL
    ORDER BY entry OFFSET ${below(random, entries)} % (SELECT count(*) FROM imaging.ledger WHERE ${column} IS NOT NULL) LIMIT 1)`;
  return `UPDATE imaging.ledger SET ${column} = ${value} WHERE entry = ${entry}`;
}

async function* proveTamperings(stack: StackProcess, size: Size): AsyncGenerator<Claim> {
  const [owner, pause] = [0, 1].map(() => new pg.Client({ connectionString: stack.record.databaseOwner }));
  await Promise.all([owner!.connect(), pause!.connect()]);
  try {
    // No run gives a place to what is forged here for a moment.
    await pause!.query('BEGIN; SELECT imaging.lock_ledger(true)');
    const restore = await keepLedger(owner!);
    const seen = () => isFound(stack);
    yield equal('faults found where nobody touched anything', await seen(), false);
    for (const { name, sql } of tamperings)
      yield equal(`found: ${name}`, await attack(owner!, restore, sql, seen), true);

    const { rows } = await owner!.query<{ entry: string }>('SELECT entry FROM imaging.ledger ORDER BY entry');
    let found = 0;
    for (const { entry } of rows) {
      const cut = `DELETE FROM imaging.ledger_leaves WHERE entry >= ${entry}; DELETE FROM imaging.ledger WHERE entry >= ${entry}`;
      if (await attack(owner!, restore, cut, seen)) found += 1;
    }
    yield equal('found: cut off at an entry, at each of them', found, rows.length);

    const random = seeded(20);
    const missed: string[] = [];
    for (let round = 0; round < size.randomTamperings; round += 1) {
      const sql = randomTampering(random, rows.length);
      if (!(await attack(owner!, restore, sql, seen))) missed.push(sql);
    }
    yield {
      claim: 'random tamperings that are not found',
      holds: missed.length === 0,
      detail: `${missed.length} of ${size.randomTamperings} ${missed.slice(0, 3).join('; ')}`.trim(),
    };
    yield equal('faults found when all is as it was', await seen(), false);
  } finally {
    await Promise.all([owner!.end(), pause!.end()]);
  }
}

async function* proveLedger(size: Size): AsyncGenerator<Claim> {
  const stack = await runStack();
  try {
    const public_ = await outside(stack);
    const { erased, living } = await fill(stack, public_, size.rounds);
    yield* proveReceipts(stack, public_, erased);
    yield* proveCheckpoints(stack, public_);
    yield* proveCompleteness(public_, living.length);
    yield* proveTamperings(stack, size);
  } finally {
    await stack.stop();
  }
}

const ledger: Proof = {
  about: 'receipts, checkpoints and omissions, and every tampering with the database of the ledger found',
  claims: ({ isShort }) => proveLedger(isShort ? sizes.short : sizes.whole),
};

export default ledger;
