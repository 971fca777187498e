import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { BlobServiceClient } from '@azure/storage-blob';
import pg from 'pg';
import { answerOf } from '../../client/api.ts';
import { apiOf } from '../../client/connection.ts';
import { postgresFolder } from '../../infra/local/postgres/account.ts';
import { clockOffsetFile } from '../../infra/local/supervisor/settings.ts';
import { spoolPrefix } from '../../shared/images/process/file/spool.ts';
import { day, hour, minute } from '../../shared/platform/clock.ts';
import { eventually } from '../support/eventually.ts';
import { owner, sendBySources, sendFailures } from './erasure/senders.ts';
import { scanFiles, tracesIn, type Trace } from './erasure/traces.ts';
import { runTimer } from './kill/run-timer.ts';
import { runStack, type StackProcess } from './kill/stack-process.ts';
import { equal, type Claim, type Proof } from './proof.ts';

interface Found {
  readonly place: string;
  readonly traces: readonly Trace[];
}

/** Where a trace may still be after an erasure: the words of its row in docs/privacy.md, which says until when. */
const listed: readonly { row: string; place: RegExp; kinds: readonly Trace['kind'][] }[] = [
  { row: 'old pages and log of the database', place: /^files of PostgreSQL/, kinds: ['owner', 'id', 'name'] },
  {
    row: 'hub `image-outcomes`',
    place: /^files of the hubs .*image-outcomes/,
    kinds: ['owner', 'id', 'name'],
  },
  { row: 'logs', place: /^logs/, kinds: ['id'] },
  {
    row: 'files of the local blob store',
    place: /^files of Azurite/,
    kinds: ['owner', 'id', 'name', 'bytes', 'thumbnail'],
  },
];

const moveClock = ({ stateDir }: StackProcess, milliseconds: number): void =>
  writeFileSync(clockOffsetFile(stateDir), String(milliseconds));

const engineer = ({ connection }: StackProcess) => apiOf(connection, 'engineering');

async function deadLetters(stack: StackProcess) {
  const { data } = await answerOf(
    engineer(stack).GET('/operations/dead-letters', { params: { query: { limit: 100 } } }),
  );
  return data.deadLetters;
}

/** Every blob of every container: name, metadata and bytes. */
async function scanBlobs(
  address: string,
  traces: readonly Trace[],
): Promise<{ blobs: number; found: Found[] }> {
  const service = BlobServiceClient.fromConnectionString(address);
  const found: Found[] = [];
  let blobs = 0;
  for await (const { name: container } of service.listContainers()) {
    const client = service.getContainerClient(container);
    const all = client.listBlobsFlat({ includeMetadata: true, includeUncommitedBlobs: true });
    for await (const { name, metadata, properties } of all) {
      blobs += 1;
      const bytes =
        properties.contentLength === undefined || properties.contentLength === 0
          ? Buffer.alloc(0)
          : await client.getBlobClient(name).downloadToBuffer();
      const hits = tracesIn(
        Buffer.concat([Buffer.from(`${name} ${JSON.stringify(metadata)} `), bytes]),
        traces,
      );
      if (hits.length > 0) found.push({ place: `blob ${container}/${name}`, traces: hits });
    }
  }
  return { blobs, found };
}

/** Every row of every table, as text. */
async function scanTables(
  address: string,
  traces: readonly Trace[],
): Promise<{ rows: number; found: Found[] }> {
  const client = new pg.Client({ connectionString: address });
  await client.connect();
  const found: Found[] = [];
  let rows = 0;
  try {
    const tables = await client.query<{ name: string }>(
      `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
       WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
    );
    for (const { name } of tables.rows) {
      const all = await client.query<{ line: string }>(`SELECT t::text AS line FROM ${name} AS t`);
      rows += all.rows.length;
      const hits = tracesIn(Buffer.from(all.rows.map(({ line }) => line).join('\n')), traces);
      if (hits.length > 0) found.push({ place: `table ${name}`, traces: hits });
    }
  } finally {
    await client.end();
  }
  return { rows, found };
}

const folders = ({ stateDir }: StackProcess): readonly (readonly [string, string])[] => [
  ['files of the hubs', `${stateDir}/event-hubs`],
  ['logs', `${stateDir}/logs`],
  ['files of Azurite', `${stateDir}/azurite`],
  ['files of PostgreSQL', postgresFolder(stateDir)],
  ...readdirSync(tmpdir())
    .filter((name) => name.startsWith(spoolPrefix))
    .map((name) => ['files of processing', `${tmpdir()}/${name}`] as const),
];

async function scan(stack: StackProcess, traces: readonly Trace[]) {
  const [blobs, tables] = await Promise.all([
    scanBlobs(stack.record.storage, traces),
    scanTables(stack.record.databaseOwner, traces),
  ]);
  const found = [...blobs.found, ...tables.found];
  const scanned = { files: 0, bytes: 0 };
  for (const [place, folder] of folders(stack))
    for await (const { path, found: hits } of scanFiles(folder, traces, scanned))
      found.push({ place: `${place} ${path.slice(folder.length + 1)}`, traces: hits });
  return { blobs: blobs.blobs, rows: tables.rows, ...scanned, found };
}

const rowOf = (place: string, kind: Trace['kind']) =>
  listed.find((one) => one.place.test(place) && one.kinds.includes(kind))?.row;

const shown = ({ place, traces }: Found): string =>
  `${place}: ${[...new Set(traces.map(({ kind, of }) => `${kind} of ${of}`))].join(', ')}`;

async function* proveErasure(): AsyncGenerator<Claim> {
  const stack = await runStack();
  try {
    const sent = await sendBySources(stack);
    const failures = await sendFailures(stack);
    const traces = [...sent.traces, ...failures.traces];
    await answerOf(engineer(stack).POST('/operations/reprocess', { body: { ids: sent.ids } }));
    moveClock(stack, 20 * minute);
    await runTimer(stack, 'streamTimer');
    await eventually(async () => ((await deadLetters(stack)).length >= 2 ? true : undefined), {
      within: 60_000,
      every: 500,
    });
    await runTimer(stack, 'exportWarehouse');
    const before = await scan(stack, traces);
    const seen = new Set(before.found.flatMap((one) => one.traces));
    // An Idempotency-Key is kept nowhere in the first place; files have names where these sources sent them.
    const isKept = ({ kind, of }: Trace) => kind !== 'name' || /form|tus/.test(of);
    const namesOf = (some: Iterable<Trace>) =>
      new Set([...some].filter(isKept).map(({ kind, of }) => `${kind} of ${of}`));
    const known = namesOf(seen);
    const unseen = [...namesOf(traces)].filter((name) => !known.has(name));
    yield {
      claim: 'kinds of traces, by source and failure, that the scan does not see while the images are there',
      holds: unseen.length === 0,
      detail: `${unseen.join(', ') || '0'} of ${namesOf(traces).size}`,
    };

    moveClock(stack, 5.9 * day);
    const ids = (await deadLetters(stack)).map(({ id }) => id);
    await answerOf(
      engineer(stack).POST('/operations/dead-letters/replay', {
        body: { ids, reason: 'to see it fail again' },
      }),
    );
    yield equal('dead letters that were replayed on day 5.9', ids.length >= 2, true);

    moveClock(stack, 7 * day + hour);
    for (const timer of ['streamTimer', 'exportWarehouse']) await runTimer(stack, timer);
    await answerOf(engineer(stack).POST('/operations/purge', { body: { sweep: true } }));
    const look = async () => {
      const after = await scan(stack, traces);
      const unlisted = after.found
        .map(({ place, traces: hits }) => ({ place, traces: hits.filter(({ kind }) => !rowOf(place, kind)) }))
        .filter(({ traces: hits }) => hits.length > 0);
      return { after, unlisted };
    };
    const { after, unlisted } = await eventually(
      async () => {
        const looked = await look();
        return looked.unlisted.length === 0 ? looked : undefined;
      },
      { within: 90_000, every: 5_000 },
    ).catch(look);
    yield {
      claim: 'traces an hour after day 7, outside of the copies that docs/privacy.md lists',
      holds: unlisted.length === 0,
      detail:
        unlisted.length === 0
          ? `0; scanned ${after.blobs} blobs, ${after.rows} rows, ${after.files} files (${Math.round(after.bytes / 1e6)} MB) for ${traces.length} traces of ${owner} and ${sent.ids.length} images`
          : unlisted.map(shown).slice(0, 20).join('; '),
    };
    const privacy = readFileSync(new URL('../../docs/privacy.md', import.meta.url), 'utf8');
    for (const { row } of listed) {
      const line = privacy.split('\n').find((one) => one.startsWith(`| ${row} `));
      const hits = after.found.filter(({ place, traces: its }) =>
        its.some(({ kind }) => rowOf(place, kind) === row),
      );
      yield {
        claim: `the copy "${row}" has a row in docs/privacy.md`,
        holds: line !== undefined,
        detail: `${hits.length} places (${hits.slice(0, 8).map(shown).join('; ').slice(0, 600)}); ${line?.split('|').at(-2)?.trim() ?? 'no row'}`,
      };
    }
  } finally {
    await stack.stop();
  }
}

const erasure: Proof = {
  about:
    'images by every source and failure, an hour past day 7: every byte of every store, log and hub is scanned',
  claims: proveErasure,
};

export default erasure;
