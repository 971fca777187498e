import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const token = `${part({ alg: 'none' })}.${part({ exp: Date.now() / 1000 + 3600 })}.`;

const receiptOf = (id: string) => ({
  ...{ id, kind: 'member', subject: crypto.randomUUID(), at: new Date().toISOString() },
  ...{ result: {}, sequence: 1, note: 'signed' },
});

test('a member who joined after the moment that was restored does not keep the others from being erased', async () => {
  const asked: { id: string; subject: string }[] = [];
  const api = createServer((request, response) => {
    void json(request).then((body) => {
      const { id, subject } = body as { id?: string; subject: string };
      if (id !== undefined) asked.push({ id, subject });
      response.writeHead(id === 'M2' ? 404 : 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(id === undefined ? { cameBack: 0 } : {}));
    });
  }).listen(0, '127.0.0.1');
  await once(api, 'listening');
  const receipts = await mkdtemp(join(tmpdir(), 'restore-receipts-'));
  try {
    const given = ['M1', 'M2', 'M3'].map(receiptOf);
    for (const one of given) await writeFile(join(receipts, `${one.id}.json`), JSON.stringify(one));
    const address = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['cli/darkroom.mjs', 'restore', '--receipts', receipts, '--json'],
      {
        env: { ...process.env, NODE_OPTIONS: '', DARKROOM_API_URL: address, DARKROOM_TOKEN: token },
      },
    );
    // By the key, too: after a restore the id may be another's.
    expect(asked).toEqual(given.map(({ id, subject }) => ({ id, subject })));
    expect(JSON.parse(stdout)).toEqual({ dryRun: false, images: 0, members: 2 });
  } finally {
    api.close();
    await rm(receipts, { recursive: true });
  }
});
