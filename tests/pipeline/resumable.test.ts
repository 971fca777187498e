import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Upload } from 'tus-js-client';
import { startStack, type Stack } from '../../infra/local/stack.ts';
import { blobService } from '../../shared/storage/blob-clients.ts';
import { startCuttingProxy, type CuttingProxy } from '../support/cutting-proxy.ts';
import { seeded } from '../support/random.ts';

/** Size of the upload over a bad network, how often it is cut and the host killed: 500, 50 and 5 for the whole check. */
const megabytes = Number(process.env['DARKROOM_TEST_UPLOAD_MB'] ?? 120);
const cuts = Math.round(megabytes / 10);
const kills = Math.max(2, Math.round(megabytes / 100));
const megabyte = 1024 * 1024;

let directory: string;
let stack: Stack;
let proxy: CuttingProxy;
let token: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'darkroom-resumable-'));
  // Without the pipeline behind it, so that the memory is that of uploading alone.
  stack = await startStack({ stateDir: directory, ports: 'ephemeral', services: ['upload', 'read'] });
  proxy = await startCuttingProxy({ host: '127.0.0.1', port: Number(new URL(stack.endpoints.api).port) });
  token = await stack.token('uploader', { expiresIn: 3600 });
}, 180_000);

afterAll(async () => {
  await proxy.close();
  await stack.stop();
  await rm(directory, { recursive: true, force: true });
}, 60_000);

/** A JPEG's first bytes, then noise that is the same for the same seed. */
function photo(bytes: number): Buffer {
  const random = seeded(7);
  const data = Buffer.allocUnsafe(bytes);
  for (let at = 0; at + 4 <= bytes; at += 4) data.writeUInt32LE(Math.floor(random() * 2 ** 32), at);
  data.set([0xff, 0xd8, 0xff, 0xe0]);
  return data;
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

async function storedDigest(id: string): Promise<string> {
  const raw = blobService(stack.endpoints.storage).getContainerClient('raw').getBlockBlobClient(id);
  const hash = createHash('sha256');
  const { readableStreamBody } = await raw.download();
  for await (const chunk of readableStreamBody!) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

function upload(
  file: Buffer,
  options: { chunkSize?: number; parallelUploads?: number; onProgress?: (sent: number) => void } = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const running = new Upload(file, {
      endpoint: `http://127.0.0.1:${proxy.port}/api/uploads`,
      headers: { authorization: `Bearer ${token}` },
      metadata: { filename: 'holiday in the Alps.jpg', filetype: 'image/jpeg' },
      retryDelays: Array.from({ length: 60 }, () => 200),
      onError: reject,
      onSuccess: () => resolve(running.url!.split('/').at(-1)!),
      ...options,
    });
    running.start();
  });
}

const residentMegabytes = (): number => {
  const status = readFileSync(`/proc/${stack.pid('functions')!}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)![1]) / 1024;
};

describe('tus-js-client against the whole stack', () => {
  it('uploads in pieces, and the id of the upload is the id of the image', async () => {
    const file = photo(3 * megabyte);
    const id = await upload(file, { chunkSize: megabyte });
    expect(await storedDigest(id)).toBe(sha256(file));
    const answer = await fetch(`${stack.endpoints.api}/images/${id}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(await answer.json()).toMatchObject({ id, status: 'received', source: 'tus' });
  });

  it('uploads parts in parallel and joins them', async () => {
    const file = photo(5 * megabyte);
    const id = await upload(file, { parallelUploads: 3 });
    expect(await storedDigest(id)).toBe(sha256(file));
  });

  it(`survives ${cuts} cut connections and ${kills} killed hosts with every byte of ${megabytes} MB, in flat memory`, async () => {
    const file = photo(megabytes * megabyte);
    const before = residentMegabytes();
    const random = seeded(11);
    let [cutsLeft, killsLeft, most, ended] = [cuts, kills, 0, false];
    // Trouble by progress, not by time: each comes a random bit after the last.
    const nextAt = () => proxy.sent + (random() * 1.6 * file.length) / (cuts + kills + 1);
    async function trouble() {
      for (let at = nextAt(); !ended && cutsLeft + killsLeft > 0;) {
        await new Promise((resolve) => setTimeout(resolve, 10));
        if (proxy.sent < at) continue;
        at = nextAt();
        if (killsLeft > 0 && random() < killsLeft / (cutsLeft + killsLeft)) {
          most = Math.max(most, residentMegabytes() - before);
          await stack.kill('functions');
          await stack.listening('functions');
          killsLeft -= 1;
        } else if (proxy.cut() > 0) cutsLeft -= 1;
      }
    }
    const troubles = trouble();
    const id = await upload(file, {
      chunkSize: 16 * megabyte,
      onProgress: () =>
        (most = Math.max(most, stack.pid('functions') === undefined ? 0 : residentMegabytes() - before)),
    });
    ended = true;
    await troubles;
    expect(await storedDigest(id)).toBe(sha256(file));
    process.stderr.write(
      `resumable: ${megabytes} MB, ${cuts - cutsLeft} cuts, ${kills - killsLeft} kills, host at most ${most.toFixed(0)} MB above its start\n`,
    );
    expect(kills - killsLeft).toBeGreaterThan(0);
    expect(most).toBeLessThan(40 + 2 * 16);
  }, 600_000);
});
