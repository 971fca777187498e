import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { json } from 'node:stream/consumers';
import pg from 'pg';
import { openImageProducer } from '../../../cli/support/kafka.ts';
import { recordsFor } from '../../../cli/support/records.ts';
import { personas } from '../../../infra/local/identity/personas.ts';
import { startStack, type StackOptions } from '../../../infra/local/stack.ts';
import { eventually } from '../../support/eventually.ts';

export interface Picture {
  readonly bytes: Buffer;
  readonly contentType: string;
}

export const owner = personas['uploader']!.oid;
/** A token is good for an hour, a bench at times for longer. Seconds. */
const tokenLifetime = 8 * 3600;
const patience = { within: 20 * 60_000, every: 50 };

const connections = new Agent({ keepAlive: true });

/** A POST of the picture; answers the image's id. Without `fetch`, whose own work on a body costs as much as the rest. */
async function post(url: string, token: string, { bytes, contentType }: Picture): Promise<string> {
  const request = httpRequest(url, {
    agent: connections,
    method: 'POST',
    headers: {
      ...{ authorization: `Bearer ${token}`, 'content-type': contentType },
      'content-length': bytes.length,
    },
  });
  request.end(bytes);
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  const answer = (await json(response)) as { images: { id: string }[] };
  if (response.statusCode !== 202) throw new Error(`An upload was answered ${response.statusCode}.`);
  return answer.images[0]!.id;
}

/** The stack that `npm start` runs, on free ports, and what a bench does to it and asks of it. */
export async function openWholeStack(options: Pick<StackOptions, 'services' | 'settings'> = {}) {
  const stateDir = await mkdtemp(`${tmpdir()}/darkroom-bench-`);
  const stack = await startStack({ ...options, stateDir, ports: 'ephemeral' });
  const { api, kafka, hubs, database } = stack.endpoints;
  const token = await stack.token('uploader', { expiresIn: tokenLifetime });
  const producer = openImageProducer({ broker: kafka, connectionString: hubs });
  // One connection of its own that asks for one number: watching costs next to nothing.
  const watcher = new pg.Client(database.replace('darkroom@', 'postgres@'));
  await watcher.connect();

  const count = async (status: string): Promise<number> => {
    const text = 'SELECT count(*)::int AS n FROM imaging.images WHERE status = $1';
    return (await watcher.query<{ n: number }>(text, [status])).rows[0]!.n;
  };

  return {
    stack,
    count,
    watcher,
    async produce({ bytes, contentType }: Picture): Promise<void> {
      const form = bytes.length < 900_000 ? 'binary' : 'chunked';
      await producer.send(recordsFor(form, { owner, contentType, bytes }).records);
    },
    upload: (picture: Picture) => post(`${api}/api/images`, token, picture),
    /** Resolves when that many images in all have this status. */
    until: (images: number, status = 'processed') =>
      eventually(async () => ((await count(status)) >= images ? true : undefined), patience),
    /** Resident memory of the functions host, with its workers, in MB. */
    hostMemory(): number {
      const status = readFileSync(`/proc/${stack.pid('functions')}/status`, 'utf8');
      return Number(/VmRSS:\s+(\d+) kB/.exec(status)![1]) / 1024;
    },
    async close() {
      connections.destroy();
      await producer.close();
      await watcher.end();
      await stack.stop();
      await rm(stateDir, { recursive: true, force: true });
    },
  };
}

export type WholeStack = Awaited<ReturnType<typeof openWholeStack>>;

/** Runs `work` for each number up to `count`, some at once. */
export async function times(
  count: number,
  atOnce: number,
  work: (index: number) => Promise<unknown>,
): Promise<void> {
  let next = 0;
  const run = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, count) }, run));
}
