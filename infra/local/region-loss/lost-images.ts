import { createHash, randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { apiOf, type Connection } from '../../../client/connection.ts';
import type { ImageProducer } from '../../../client/image-producer.ts';
import { recordsFor } from '../../../client/image-records.ts';
import { uploadFile } from '../../../client/upload-file.ts';
import { landscape } from '../environment.ts';
import { personas } from '../identity/personas.ts';
import type { Situation } from './runbook.ts';

/** An image that somebody was told is safe, with what its sender needs to send it again. */
export interface SentImage {
  readonly situation: Situation;
  readonly id: string;
  readonly sha256: string;
  /** The same bytes under the same key or event id: the same image. */
  readonly sendAgain: (connection: Connection, producer: ImageProducer) => Promise<unknown>;
}

let seed = 100;

async function makeImage(folder: string): Promise<{ file: string; bytes: Buffer; sha256: string }> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, `image-${(seed += 1)}.jpg`);
  const bytes = await landscape(640, 427, seed).jpeg({ quality: 80 }).toBuffer();
  await writeFile(file, bytes);
  return { file, bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
}

/** Resolves when the API has answered 202. */
export async function sendByHttp(
  connection: Connection,
  folder: string,
  situation: Situation,
): Promise<SentImage> {
  const { file, sha256 } = await makeImage(folder);
  const idempotencyKey = randomUUID();
  const send = (to: Connection) => uploadFile(to, file, { idempotencyKey });
  const { id } = await send(connection);
  return { situation, id, sha256, sendAgain: send };
}

/** Resolves when the hub has acknowledged the record. */
export async function sendByKafka(
  producer: ImageProducer,
  folder: string,
  situation: Situation,
): Promise<SentImage> {
  const { bytes, sha256 } = await makeImage(folder);
  const owner = personas['uploader']!.oid;
  const { imageId, records } = recordsFor('binary', { owner, contentType: 'image/jpeg', bytes });
  await producer.send(records);
  return { situation, id: imageId!, sha256, sendAgain: (_, to) => to.send(records) };
}

async function sha256Of(connection: Connection, id: string, variant: string): Promise<string | undefined> {
  const headers = { authorization: `Bearer ${await connection.token('engineering')}` };
  const response = await fetch(`${connection.api}/api/images/${id}/${variant}`, { headers });
  const bytes = Buffer.from(await response.arrayBuffer());
  return response.ok ? createHash('sha256').update(bytes).digest('hex') : undefined;
}

/** Processed, its original to the byte what was sent, and every variant there with the digest that its row has. */
export async function isWhole(connection: Connection, { id, sha256 }: SentImage): Promise<boolean> {
  const { data } = await apiOf(connection).GET('/images/{id}', { params: { path: { id } } });
  if (data?.status !== 'processed' || data.variants.length === 0) return false;
  if ((await sha256Of(connection, id, 'raw')) !== sha256) return false;
  for (const { name } of data.variants)
    if ((await sha256Of(connection, id, name)) === undefined) return false;
  return true;
}

export async function statusOf(connection: Connection, id: string): Promise<number> {
  const { response } = await apiOf(connection).GET('/images/{id}', { params: { path: { id } } });
  return response.status;
}
