import { Agent, createServer, get, type Server } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pLimit from 'p-limit';
import { cdnAddress } from '../../infra/local/front-door/purge.ts';
import { loadSecrets } from '../../infra/local/supervisor/state.ts';
import { quarters } from './support/pictures.ts';
import { startPatience, startTestStack, type TestStack } from './support/stack.ts';

const reads = 10_000;
const atOnce = 250;

let stack: TestStack;
/** Takes purges for Front Door; says that it took them, and passes them on while it is `prompt`. */
let management: Server;
let prompt = true;
const agent = new Agent({ keepAlive: true, maxSockets: atOnce });

beforeAll(async () => {
  management = createServer((request, response) => {
    void (async () => {
      const body = new Uint8Array(await buffer(request));
      if (!prompt) return response.writeHead(202).end();
      const headers = { authorization: `Bearer ${loadSecrets(stack.stateDir).hostMasterKey}` };
      const answer = await fetch(new URL(request.url!, stack.endpoints.api), {
        ...{ method: 'POST', headers, body },
      });
      return response.writeHead(answer.status).end();
    })();
  });
  await new Promise<void>((resolve) => void management.listen(0, '127.0.0.1', resolve));
  const { port } = management.address() as AddressInfo;
  stack = await startTestStack({ settings: { DARKROOM_CDN_ENDPOINT_ID: cdnAddress(port, 'none') } });
}, startPatience);
afterAll(async () => {
  agent.destroy();
  management.close();
  await stack.stop();
}, 60_000);

async function oneImage(seed: number): Promise<{ id: string; address: string }> {
  const body = Uint8Array.from(await quarters(400, 300, seed).png().toBuffer());
  const headers = { 'content-type': 'image/png' };
  const answer = await stack.call('uploader', '/images', { method: 'POST', headers, body });
  const { id } = ((await answer.json()) as { images: { id: string }[] }).images[0]!;
  const { variants } = await stack.outcome(id);
  return { id, address: variants[0]!.url };
}

interface Read {
  readonly began: number;
  readonly status: number;
  readonly cache: string | undefined;
}

const read = (address: string): Promise<Read> =>
  new Promise((resolve, reject) => {
    const began = performance.now();
    get(address, { agent }, (answer) => {
      answer.resume().on('end', () => {
        resolve({
          began,
          status: answer.statusCode!,
          cache: answer.headers['x-cache'] as string | undefined,
        });
      });
    }).on('error', reject);
  });

const readAll = (address: string, count: number): Promise<Read[]> => {
  const limit = pLimit(atOnce);
  return Promise.all(Array.from({ length: count }, () => limit(() => read(address))));
};

const remove = async (id: string) => {
  const answer = await stack.call('uploader', `/images/${id}`, { method: 'DELETE' });
  expect(answer.status).toBe(200);
  return (await answer.json()) as { remaining: { copy: string; until: string }[] };
};

test('of 10,000 reads around an erasure none that begins after its answer gets the bytes', async () => {
  const { id, address } = await oneImage(1);
  await read(address);
  const before = await readAll(address, 200);
  let answered = Infinity;
  const reading = readAll(address, reads);
  const removing = remove(id).then(() => (answered = performance.now()));
  const [during] = await Promise.all([reading, removing]);
  const all = [...before, ...during];
  // However fast the erasure was, as many come after it.
  const after = [...all, ...(await readAll(address, reads / 2))].filter(({ began }) => began > answered);
  expect(all.filter(({ cache, status }) => status === 200 && cache === 'TCP_HIT').length).toBeGreaterThan(
    100,
  );
  expect(after.length).toBeGreaterThanOrEqual(reads / 2);
  expect(after.filter(({ status }) => status === 200 || status === 304)).toEqual([]);
}, 120_000);

test('where the purge reaches the cache late, no read gets the bytes past the moment that the answer states', async () => {
  const { id, address } = await oneImage(2);
  await read(address);
  prompt = false;
  const began = Date.now();
  const { remaining } = await remove(id);
  const until = Date.parse(remaining.find(({ copy }) => copy === 'cdn')!.until);
  // The cache has it still: without a bound this would go on for as long as the address is good.
  expect(
    (await readAll(address, 100)).every(({ status, cache }) => status === 200 && cache === 'TCP_HIT'),
  ).toBe(true);
  stack.moveClock(until - began);
  const after = await readAll(address, reads / 10);
  expect(new Set(after.map(({ status }) => status))).toEqual(new Set([404]));
  // And the address itself is still good, so it is not that which ends it.
  expect(Number(new URL(address).searchParams.get('expires')) * 1000).toBeGreaterThan(until);
}, 120_000);
