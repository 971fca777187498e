import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Settings } from '../../../../../../shared/platform/config.ts';
import { openDatabase } from '../../../../../../shared/database/open.ts';
import type { Database } from '../../../../../../shared/database/port.ts';
import { openCheckpoint } from '../../../../../../shared/images/erase/ledger/checkpoint-note.ts';
import { checkAgainst } from '../../../../../../shared/images/erase/ledger/monitor.ts';
import { openLedger, type Ledger } from '../../../../../../shared/images/erase/ledger/open.ts';
import {
  makeNoteKey,
  noteSigner,
  noteVerifier,
} from '../../../../../../shared/images/erase/ledger/signed-note.ts';
import type { Log } from '../../../../../../shared/platform/log.ts';
import { testLedgerKey, testSigner } from '../../../../../support/functions.ts';
import { imageMaker } from '../../../../../support/images.ts';
import { silentLog } from '../../../../../support/silent-log.ts';
import { startStores, type TestStores } from '../../../../../support/stores.ts';

/** Somebody outside: takes checkpoints by HTTP, and keeps those that the log's key signed. */
interface Receiver {
  readonly server: Server;
  readonly url: string;
  readonly kept: string[];
  readonly requests: string[];
  status: number;
}

const verifier = noteVerifier(testSigner.key);
let stores: TestStores;
let database: Database;
let receiver: Receiver;
let ledger: Ledger;

async function startReceiver(): Promise<Receiver> {
  const [kept, requests]: [string[], string[]] = [[], []];
  const state = { status: 204 };
  const server = createServer((request, response) => {
    void text(request).then((note) => {
      requests.push(`${request.method} ${request.url} ${request.headers['content-type']}`);
      if (state.status === 204) {
        openCheckpoint(note, verifier);
        kept.push(note);
      }
      response.writeHead(state.status, state.status === 302 ? { location: '/elsewhere' } : {}).end();
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/checkpoints`;
  return Object.assign(state, { server, url, kept, requests });
}

/** As a process that has just started opens it. */
const open = (url: string): Ledger =>
  openLedger({
    settings: {
      DARKROOM_LEDGER_KEY: testLedgerKey,
      DARKROOM_LEDGER_STORAGE: stores.ledger,
      DARKROOM_LEDGER_WEBHOOK: url,
    } as Settings,
    clock: { now: () => new Date() },
    database,
  });

beforeAll(async () => {
  stores = await startStores();
  database = openDatabase({ DARKROOM_DATABASE: stores.database });
}, 180_000);
afterAll(async () => {
  await database.close();
  await stores.stop();
});
beforeEach(async () => {
  receiver = await startReceiver();
  ledger = open(receiver.url);
});
afterEach(() => {
  receiver.server.close();
  receiver.server.closeAllConnections();
});

const grow = async (log: Log = silentLog, onNotSent?: () => void) => {
  await imageMaker(stores.storage, database).make('ann', 'stored');
  return ledger.publishCheckpoint(log, onNotSent);
};

/** Keeps what is warned of. */
const noting = (warned: string[]): Log => ({ ...silentLog, warn: (event) => void warned.push(event) });

test('each checkpoint reaches the receiver once, signed by the published key, and each begins with the one before', async () => {
  const sizes = [await grow(), await grow(), await grow()];
  await ledger.publishCheckpoint(silentLog);
  expect(receiver.requests).toEqual(Array(3).fill('POST /checkpoints text/plain; charset=utf-8'));
  const heads = receiver.kept.map((note) => openCheckpoint(note, verifier));
  expect(heads.map(({ size }) => size)).toEqual(sizes);
  for (const [index, old] of heads.entries())
    for (const head of heads.slice(index)) await checkAgainst(ledger.files, { head, old });
  const stranger = noteSigner(makeNoteKey(verifier.name));
  expect(() => openCheckpoint(receiver.kept[0]!, stranger)).toThrow('not signed');
});

test.each([500, 404, 302])(
  'a receiver that answers %i costs no checkpoint and is sent the newest later',
  async (status) => {
    receiver.status = status;
    const warned: string[] = [];
    let notSent = 0;
    const size = await grow(noting(warned), () => (notSent += 1));
    expect(notSent).toBe(1);
    expect([warned, receiver.kept, receiver.requests.length]).toEqual([
      ['ledger.checkpoint-not-sent'],
      [],
      1,
    ]);
    receiver.status = 204;
    expect(await ledger.publishCheckpoint(silentLog)).toBe(size);
    expect(receiver.kept.map((note) => openCheckpoint(note, verifier).size)).toEqual([size]);
  },
);

test('a receiver that is not there costs no checkpoint either', async () => {
  const before = await ledger.publishCheckpoint(silentLog);
  receiver.server.close();
  receiver.server.closeAllConnections();
  const warned: string[] = [];
  expect(await grow(noting(warned))).toBe(before + 1);
  expect(warned).toEqual(['ledger.checkpoint-not-sent']);
});
