import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import pg from 'pg';
import { openImageProducer } from '../../../client/image-producer.ts';
import { recordsFor } from '../../../client/image-records.ts';
import { personas } from '../../../infra/local/identity/personas.ts';
import { startStack, type StackOptions } from '../../../infra/local/stack.ts';
import { eventually } from '../../support/eventually.ts';
import { residentMegabytes } from '../../support/process-memory.ts';
import { call, closeConnections, expectStatus } from './call.ts';

export interface Picture {
  readonly bytes: Buffer;
  readonly contentType: string;
}

export const owner = personas['uploader']!.oid;
/** A token is good for an hour, a bench at times for longer. Seconds. */
const tokenLifetime = 8 * 3600;
const patience = { within: 20 * 60_000, every: 10 };

/** Answers the image's id. */
async function post(
  api: string,
  token: string,
  { bytes, contentType }: Picture,
  isDeclared = true,
): Promise<string> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': contentType };
  const answer = await call('POST', `${api}/api/images`, headers, bytes, isDeclared);
  expectStatus(answer, 202);
  return (JSON.parse(answer.body) as { images: { id: string }[] }).images[0]!.id;
}

/** A resumable upload of the same piece again and again. */
async function resumable(api: string, token: string, { bytes }: Picture, pieces: number): Promise<void> {
  const headers = { authorization: `Bearer ${token}`, 'tus-resumable': '1.0.0' };
  const length = { 'upload-length': String(pieces * bytes.length) };
  const created = await call('POST', `${api}/api/uploads`, { ...headers, ...length });
  expectStatus(created, 201);
  const url = new URL(created.headers.location!, api).href;
  for (let piece = 0; piece < pieces; piece++) {
    const at = { 'upload-offset': String(piece * bytes.length) };
    const type = { 'content-type': 'application/offset+octet-stream' };
    expectStatus(await call('PATCH', url, { ...headers, ...at, ...type }, bytes), 204);
  }
}

/** The stack that `npm start` runs, on free ports, and what a bench does to it and asks of it. */
export async function openWholeStack(options: Pick<StackOptions, 'services' | 'settings'> = {}) {
  const stateDir = await mkdtemp(`${tmpdir()}/darkroom-bench-`);
  const stack = await startStack({ ...options, stateDir, ports: 'ephemeral' });
  const { api, kafka, hubs } = stack.endpoints;
  const uploadsOf = async (persona: string) => {
    const token = await stack.token(persona, { expiresIn: tokenLifetime });
    return {
      upload: (picture: Picture, isDeclared = true) => post(api, token, picture, isDeclared),
      uploadInPieces: (piece: Picture, pieces: number) => resumable(api, token, piece, pieces),
    };
  };
  const own = await uploadsOf('uploader');
  const producer = openImageProducer({ broker: kafka, connectionString: hubs });
  // One connection of its own that asks for one number: watching costs next to nothing.
  const watcher = new pg.Client(stack.databaseOwner());
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
    ...own,
    /** Of somebody else. */
    uploadsOf,
    /** Resolves when that many images in all have this status. */
    until: (images: number, status = 'processed') =>
      eventually(async () => ((await count(status)) >= images ? true : undefined), patience),
    /** Resident memory of the functions host, with its workers, in MB. */
    hostMemory: () => residentMegabytes(stack.pid('functions')!) ?? 0,
    async close() {
      closeConnections();
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
