import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { signCheckpoint } from '../../../shared/images/erase/ledger/checkpoint-note.ts';
import { signLeaf } from '../../../shared/images/erase/ledger/leaf.ts';
import { leafHash } from '../../../shared/images/erase/ledger/merkle.ts';
import { leafOfReceipt, type Receipt } from '../../../shared/images/erase/ledger/receipt.ts';
import {
  makeNoteKey,
  noteSigner,
  renameNoteKey,
  type NoteSigner,
} from '../../../shared/images/erase/ledger/signed-note.ts';
import { signPersonReceipt, type PersonReceipt } from '../../../shared/operations/person-receipt.ts';
import { imageDigest } from '../../../shared/platform/image-id.ts';

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const token = `${part({ alg: 'none' })}.${part({ exp: Date.now() / 1000 + 3600 })}.`;

const formerKey = makeNoteKey('darkroom.test');
const former = noteSigner(formerKey);
/** The log was named anew, as a database that was restored needs it; its key is the same. */
const ours = noteSigner(renameNoteKey(formerKey, 'darkroom.test-2'));
const foreign = noteSigner(makeNoteKey('darkroom.test'));

const at = '2026-01-02T03:04:05.678Z';

const memberReceipt = (id: string, signer: NoteSigner): PersonReceipt =>
  signPersonReceipt(
    { id, kind: 'member', subject: randomUUID(), at, result: { orders: 1 }, sequence: 1 },
    signer,
  );

function pending(imageId: string, signer: NoteSigner): Receipt {
  const words: Receipt = {
    ...{ imageId, status: 'pending', kind: 'erasure', blobs: 4, bytes: 5, lakeRows: 1 },
    ...{ uploadedAt: at, dueAt: at, erasedAt: at, salt: 'salt', leaf: '' },
  };
  const leaf = leafOfReceipt(words);
  return { ...words, leaf, signature: signLeaf(leaf, signer) };
}

/** As receipts were before their entries were signed for whoever has them: by the checkpoint alone. */
function byCheckpoint(imageId: string, signer: NoteSigner): unknown {
  const receipt = { ...pending(imageId, signer), signature: undefined };
  const root = leafHash(Buffer.from(receipt.leaf));
  const checkpoint = signCheckpoint({ size: 1, root }, signer);
  return { ...receipt, status: 'complete', leafIndex: 0, inclusionProof: [], checkpoint };
}

interface Asked {
  readonly id?: string;
  readonly subject?: string;
  readonly digests?: readonly string[];
  readonly sameRestore?: boolean;
}

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'restore-receipts-'));
});
afterEach(() => rm(folder, { recursive: true }));

const write = (name: string, content: unknown): Promise<void> =>
  writeFile(join(folder, `${name}.json`), JSON.stringify(content));

/** What the command asks of an API whose members are all but M2, and what it prints. */
async function restore(...more: string[]) {
  const asked: Asked[] = [];
  const api = createServer((request, response) => {
    if (request.url === '/api/ledger/key') {
      response.end(ours.key);
      return;
    }
    void json(request).then((body) => {
      const one = body as Asked;
      asked.push(one);
      response.writeHead(one.id === 'M2' ? 404 : 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(one.id === undefined ? { cameBack: 0 } : {}));
    });
  }).listen(0, '127.0.0.1');
  await once(api, 'listening');
  const address = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
  const env = { ...process.env, NODE_OPTIONS: '', DARKROOM_API_URL: address, DARKROOM_TOKEN: token };
  const child = execFile(
    process.execPath,
    ['cli/darkroom.mjs', 'restore', '--receipts', folder, '--json', ...more],
    { env },
  );
  let printed = '';
  child.stdout!.on('data', (text: string) => (printed += text));
  const [code] = (await once(child, 'close')) as [number];
  api.close();
  return { asked, code, answer: JSON.parse(printed) as unknown };
}

const digestsIn = (asked: readonly Asked[]) => asked.flatMap(({ digests = [] }) => digests).sort();

test('a member who joined after the moment that was restored does not keep the others from being erased', async () => {
  const given = ['M1', 'M2', 'M3'].map((id) => memberReceipt(id, ours));
  for (const one of given) await write(one.id, one);
  const { asked, answer, code } = await restore();
  // By the key, too: after a restore the id may be another's.
  expect(asked.filter(({ id }) => id).map(({ id, subject }) => ({ id, subject }))).toEqual(
    given.map(({ id, subject }) => ({ id, subject })),
  );
  expect(answer).toEqual({ dryRun: false, images: 0, members: 2, refused: [] });
  expect(code).toBe(0);
});

describe('a receipt', () => {
  test('that the key of the log signed is replayed: pending, by its checkpoint, and of the log before it was named anew', async () => {
    const ids = Array.from({ length: 4 }, () => randomUUID());
    const [one, two, three, four] = ids as [string, string, string, string];
    await write('pending', pending(one, ours));
    await write('complete', byCheckpoint(two, ours));
    await write('former-pending', pending(three, former));
    await write('former-complete', byCheckpoint(four, former));
    const { asked, answer, code } = await restore();
    expect(digestsIn(asked)).toEqual(ids.map(imageDigest).sort());
    expect(answer).toMatchObject({ refused: [] });
    expect(code).toBe(0);
  });

  test('that is forged, or of another log, is refused by name, and the others are replayed', async () => {
    const good = randomUUID();
    await write('good', pending(good, ours));
    await write('another-image', { ...pending(randomUUID(), ours), imageId: randomUUID() });
    await write('another-signature', { ...pending(randomUUID(), ours), signature: 'AAAA' });
    await write('foreign', pending(randomUUID(), foreign));
    await write('foreign-checkpoint', byCheckpoint(randomUUID(), foreign));
    const unsigned = { ...pending(randomUUID(), ours), signature: undefined };
    await write('unsigned', unsigned);
    await write('member', memberReceipt('M1', ours));
    await write('foreign-member', memberReceipt('M3', foreign));
    await write('another-member', { ...memberReceipt('M3', ours), subject: randomUUID() });
    await write('no-receipt', { hello: 'there' });
    await writeFile(join(folder, 'broken.json'), '{');
    const { asked, answer, code } = await restore();
    expect(digestsIn(asked)).toEqual([imageDigest(good)]);
    expect(asked.flatMap(({ id }) => id ?? [])).toEqual(['M1']);
    const { refused } = answer as { refused: { file: string; why: string }[] };
    expect(refused.map(({ file }) => file).sort()).toEqual(
      [
        ...['another-image', 'another-member', 'another-signature', 'broken', 'foreign'],
        ...['foreign-checkpoint', 'foreign-member', 'no-receipt', 'unsigned'],
      ]
        .map((name) => `${name}.json`)
        .sort(),
    );
    expect(code).toBe(1);
  });

  test('of a log that had another key is replayed with that key', async () => {
    const id = randomUUID();
    await write('foreign', pending(id, foreign));
    const { asked, code } = await restore('--key', ours.key, foreign.key);
    expect(digestsIn(asked)).toEqual([imageDigest(id)]);
    expect(code).toBe(0);
  });
});

test('one restore begins one epoch, however many requests its receipts take', async () => {
  const count = 10_001;
  for (let index = 0; index < count; index += 1) await write(String(index), pending(randomUUID(), ours));
  const { asked } = await restore();
  expect(asked.map(({ digests, sameRestore }) => [digests?.length, sameRestore])).toEqual([
    [10_000, false],
    [1, true],
  ]);
});
