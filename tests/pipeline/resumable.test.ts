import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Upload } from 'tus-js-client';
import { startStack, type Stack } from '../../infra/local/stack.ts';
import { blobService } from '../../shared/platform/blobs/blob-service.ts';
import { startCuttingProxy, type CuttingProxy } from '../support/cutting-proxy.ts';
import { residentMegabytes } from '../support/process-memory.ts';
import { seeded } from '../support/random.ts';

/** Size of the upload over a bad network, how often it is cut and the host killed: 500, 50 and 5 for the whole check. */
const megabytes = Number(process.env['DARKROOM_TEST_UPLOAD_MB'] ?? 40);
const cuts = Math.round(megabytes / 10);
const kills = Math.max(2, Math.round(megabytes / 100));
const megabyte = 1024 * 1024;
/** How much more memory than at its start the host may have while all this goes on. MB. */
const allowedGrowth = 40;

let directory: string;
let stack: Stack;
let proxy: CuttingProxy;
let token: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'darkroom-resumable-'));
  // Without the pipeline behind it, so that the memory is that of uploading alone.
  stack = await startStack({ stateDir: directory, ports: 'ephemeral', services: ['upload', 'read'] });
  proxy = await startCuttingProxy({
    host: '127.0.0.1',
    port: Number(new URL(stack.endpoints.api).port),
    // Slow enough that each cut comes in the middle of something.
    bytesPerSecond: 20 * megabyte,
  });
  token = await stack.token('uploader', { expiresIn: 3600 });
}, 180_000);

afterAll(async () => {
  await proxy.close();
  await stack.stop();
  await rm(directory, { recursive: true, force: true });
}, 180_000);

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

interface UploadOptions {
  /** Past the bad network. */
  readonly direct?: boolean;
  readonly chunkSize?: number;
  readonly parallelUploads?: number;
  readonly onProgress?: (bytesSent: number) => void;
}

function upload(file: Buffer, { direct = false, ...options }: UploadOptions = {}): Promise<string> {
  const api = direct ? stack.endpoints.api : `http://127.0.0.1:${proxy.port}`;
  return new Promise((resolve, reject) => {
    const running = new Upload(file, {
      endpoint: `${api}/api/uploads`,
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

/** Resident memory of the functions host and its worker; undefined while it is down. */
const hostMegabytes = (): number | undefined => {
  const pid = stack.pid('functions');
  return pid === undefined ? undefined : residentMegabytes(pid);
};

/** Growth of the host's memory since its start, which is when a first upload has brought in what uploads need. */
function watchMemory() {
  let start: number | undefined;
  let most = 0;
  return {
    async begin() {
      await upload(photo(48 * megabyte), { direct: true, chunkSize: 16 * megabyte });
      start = hostMegabytes();
    },
    pause: () => (start = undefined),
    look() {
      const now = hostMegabytes();
      if (start !== undefined && now !== undefined) most = Math.max(most, now - start);
    },
    most: () => most,
  };
}

/**
 * Cuts connections and kills the host, each a random bit further into the file. What is sent waits meanwhile: on a slow machine the rest
 * of the file would go by before the host is back.
 */
function makeTrouble(fileBytes: number, memory: ReturnType<typeof watchMemory>) {
  const random = seeded(11);
  const did = { cuts: 0, kills: 0 };
  let progress = 0;
  const left = () => cuts + kills - did.cuts - did.kills;
  /** Somewhere in the next of the equal shares of what is still to be sent; the last piece is left alone. */
  const nextAt = () => progress + (random() * (0.8 * fileBytes - progress)) / left();
  async function kill() {
    memory.pause();
    await stack.kill('functions');
    did.kills += 1;
    await stack.listening('functions');
    await memory.begin();
  }
  async function cut() {
    while (proxy.cut() === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    did.cuts += 1;
  }
  async function next() {
    proxy.hold();
    const killsLeft = kills - did.kills;
    try {
      await (random() < killsLeft / left() ? kill() : cut());
    } finally {
      proxy.release();
    }
    at = nextAt();
  }
  let at = nextAt();
  let running: Promise<void> | undefined;
  return {
    onProgress(bytesSent: number) {
      progress = bytesSent;
      memory.look();
      if (progress < at || left() === 0) return;
      running ??= next().then(() => (running = undefined));
    },
    async stop() {
      await running;
      return did;
    },
  };
}

describe('tus-js-client against the whole stack', () => {
  it('uploads in pieces, and the id of the upload is the id of the image', async () => {
    const file = photo(3 * megabyte);
    const id = await upload(file, { chunkSize: megabyte });
    expect(await storedDigest(id)).toBe(sha256(file));
    const answer = await fetch(`${stack.endpoints.api}/api/images/${id}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(await answer.json()).toMatchObject({ id, status: 'received', source: 'tus' });
  });

  it('uploads parts in parallel and joins them', async () => {
    const file = photo(5 * megabyte);
    const id = await upload(file, { parallelUploads: 3 });
    expect(await storedDigest(id)).toBe(sha256(file));
  });

  it(`survives cut connections and killed hosts with every byte of ${megabytes} MB`, async () => {
    const file = photo(megabytes * megabyte);
    const memory = watchMemory();
    await memory.begin();
    const trouble = makeTrouble(file.length, memory);
    const id = await upload(file, {
      chunkSize: Math.min(16 * megabyte, file.length / 20),
      onProgress: (bytesSent) => trouble.onProgress(bytesSent),
    });
    const did = await trouble.stop();
    expect(await storedDigest(id)).toBe(sha256(file));
    process.stderr.write(
      `resumable: ${megabytes} MB, ${did.cuts} cuts, ${did.kills} kills, host at most ${memory.most().toFixed(0)} MB above its start\n`,
    );
    expect(did).toEqual({ cuts, kills });
    expect(memory.most()).toBeLessThan(allowedGrowth);
  }, 900_000);
});
