import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { afterEach, describe, expect, test } from '@jest/globals';
import { frontDoor, noCdn } from '../../../../../shared/images/erase/cdn.ts';

const endpointId = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Cdn/profiles/p/afdEndpoints/e';
let stop: () => void = () => undefined;
afterEach(() => stop());

/** Azure Resource Manager, as far as a purge is concerned: answers the statuses given, then 202. */
async function resourceManager(...statuses: number[]) {
  const requests: { method?: string; url?: string; headers: IncomingMessage['headers']; body: unknown }[] =
    [];
  const server = createServer((request, response) => {
    void json(request).then((body) => {
      const { method = '', url = '', headers } = request;
      requests.push({ method, url, headers, body });
      response.writeHead(statuses.shift() ?? 202).end();
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  stop = () => void server.close();
  const management = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  let tokens = 0;
  const cdn = frontDoor({ endpointId, management, token: () => Promise.resolve(`t-${(tokens += 1)}`) });
  return { requests, cdn };
}

describe('a purge of Front Door', () => {
  test('posts the paths to the endpoint, signed in', async () => {
    const { cdn, requests } = await resourceManager();
    await cdn.purge(['/api/images/1/*', '/api/images/2/*']);
    expect(requests).toMatchObject([
      {
        method: 'POST',
        url: `${endpointId}/purge?api-version=2024-02-01`,
        headers: { authorization: 'Bearer t-1', 'content-type': 'application/json' },
        body: { contentPaths: ['/api/images/1/*', '/api/images/2/*'] },
      },
    ]);
  });

  test('takes at most a hundred paths at once, and all of them', async () => {
    const { cdn, requests } = await resourceManager();
    const paths = Array.from({ length: 250 }, (_, index) => `/api/images/${index}/*`);
    await cdn.purge(paths);
    const sent = requests.map(({ body }) => (body as { contentPaths: string[] }).contentPaths);
    expect(sent.map(({ length }) => length)).toEqual([100, 100, 50]);
    expect(sent.flat()).toEqual(paths);
  });

  test('of nothing asks nobody', async () => {
    const { cdn, requests } = await resourceManager();
    await cdn.purge([]);
    expect(requests).toEqual([]);
  });

  test('that is not accepted is an outage: the erasure is not done', async () => {
    const { cdn } = await resourceManager(429);
    await expect(cdn.purge(['/api/images/1/*'])).rejects.toMatchObject({ code: 'unavailable' });
  });
});

test('where nothing is cached on the way there is nothing to purge', async () => {
  await expect(noCdn.purge(['/api/images/1/*'])).resolves.toBeUndefined();
});
