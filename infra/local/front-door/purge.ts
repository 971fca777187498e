import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { z } from 'zod';
import type { Cache } from './cache.ts';

/** The one endpoint of the one profile there is here. */
const endpointId =
  '/subscriptions/local/resourceGroups/local/providers/Microsoft.Cdn/profiles/local/afdEndpoints/local';

export const purgePath = `${endpointId}/purge`;

/** What an erasure is told: where the purge is asked for, and the key that takes the place of a token. */
export const cdnAddress = (port: number, key: string): string =>
  `http://front-door:${key}@127.0.0.1:${port}${endpointId}`;

const purgeBody = z.object({ contentPaths: z.array(z.string().startsWith('/')).max(100) });

async function purge(cache: Cache, key: string | undefined, request: IncomingMessage): Promise<number> {
  const given = Buffer.from(request.headers.authorization ?? '');
  const expected = Buffer.from(`Bearer ${key}`);
  const isAllowed = key !== undefined && given.length === expected.length && timingSafeEqual(given, expected);
  if (!isAllowed) return 401;
  const body = purgeBody.safeParse(await json(request).catch(() => undefined));
  if (!body.success) return 400;
  cache.purge(body.data.contentPaths);
  return 202;
}

/** Azure Resource Manager's `POST …/purge`, as far as an erasure calls it. */
export async function answerPurge(
  cache: Cache,
  key: string | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const status = await purge(cache, key, request);
  response.writeHead(status, { 'content-length': 0 }).end();
}
