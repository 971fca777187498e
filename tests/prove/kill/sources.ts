import { createHash } from 'node:crypto';
import { EventHubProducerClient } from '@azure/event-hubs';
import { Upload } from 'tus-js-client';
import type { AcceptedImage } from '../../../client/api-types.ts';
import { recordsFor, type Form } from '../../../client/image-records.ts';
import { personas } from '../../../infra/local/identity/personas.ts';
import { hubs } from '../../../shared/stream/hubs.ts';
import { openKafkaClient } from '../../pipeline/support/kafka-client.ts';
import type { StackProcess } from './stack-process.ts';

export interface Picture {
  readonly bytes: Buffer;
  readonly sha256: string;
  /** Unique among all that are sent. */
  readonly key: string;
}

/** One of the ways in which an image comes to Darkroom. */
export interface Source {
  readonly name: string;
  /** How many images one call sends. */
  readonly batch: number;
  /** Whether the same call again is the same image. */
  readonly isIdempotent: boolean;
  /**
   * Sends them once, and answers their ids when all are acknowledged, undefined for what only the hub knows. `again` is
   * called before the client itself sends anew.
   */
  send(pictures: readonly Picture[], again: () => void): Promise<readonly (string | undefined)[]>;
  close?(): Promise<unknown>;
}

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const owner = personas['uploader']!.oid;
const requestMs = 20_000;
/** Small enough that an image of the proof has several. Bytes. */
const chunkBytes = 400;

async function post(
  stack: StackProcess,
  body: Uint8Array<ArrayBuffer> | FormData,
  headers: Record<string, string>,
) {
  const token = await stack.connection.token('uploader');
  const response = await fetch(`${stack.record.api}/api/images`, {
    method: 'POST',
    headers: { ...headers, authorization: `Bearer ${token}` },
    body,
    signal: AbortSignal.timeout(requestMs),
  });
  if (response.status !== 202) throw new Error(`POST answered ${response.status}: ${await response.text()}`);
  return ((await response.json()) as { images: AcceptedImage[] }).images.map(({ id }) => id);
}

const rawBody = (stack: StackProcess, isIdempotent: boolean): Source => ({
  name: isIdempotent ? 'POST with a key' : 'POST without a key',
  batch: 1,
  isIdempotent,
  send: ([picture]) =>
    post(stack, Uint8Array.from(picture!.bytes), {
      'content-type': 'image/png',
      ...(isIdempotent && { 'idempotency-key': picture!.key }),
    }),
});

const form = (stack: StackProcess): Source => ({
  name: 'multipart form',
  batch: 3,
  isIdempotent: true,
  async send(pictures) {
    const body = new FormData();
    for (const { bytes, key } of pictures)
      body.append('file', new Blob([Uint8Array.from(bytes)], { type: 'image/png' }), `${key}.png`);
    const ids = await post(stack, body, { 'idempotency-key': pictures[0]!.key });
    if (ids.length !== pictures.length) throw new Error(`${ids.length} of ${pictures.length} files arrived.`);
    return ids;
  },
});

/** Resumable: several PATCH requests, or two uploads that are concatenated. */
const tus = (stack: StackProcess, parallelUploads: number): Source => ({
  name: parallelUploads === 1 ? 'tus' : 'tus in two uploads',
  batch: 1,
  isIdempotent: false,
  async send([picture], again) {
    const { bytes, key } = picture!;
    const token = await stack.connection.token('uploader');
    const url = await new Promise<string>((done, failed) => {
      const upload = new Upload(bytes, {
        endpoint: `${stack.record.api}/api/uploads`,
        headers: { authorization: `Bearer ${token}` },
        metadata: { filename: `${key}.png`, filetype: 'image/png' },
        parallelUploads,
        // The client sends uploads that are concatenated in one piece each.
        ...(parallelUploads === 1 && { chunkSize: chunkBytes }),
        retryDelays: Array.from({ length: 100 }, () => 300),
        onShouldRetry: () => {
          again();
          return true;
        },
        onError: failed,
        onSuccess: () => done(upload.url!),
      });
      upload.start();
    });
    return [url.split('/').at(-1)!];
  },
});

async function kafka(stack: StackProcess, as: Form): Promise<Source> {
  // Where nothing but its place tells a record from its repetition, the producer does.
  const client = await openKafkaClient({ endpoints: stack.record }, { idempotent: as === 'bare' });
  return {
    name: `Kafka, ${as}`,
    batch: 1,
    isIdempotent: as !== 'bare',
    async send([picture]) {
      const { bytes, key: eventId } = picture!;
      const { imageId, records } = recordsFor(as, {
        ...{ owner, contentType: 'image/png', bytes, eventId, chunkBytes },
      });
      await client.send(records);
      return [imageId];
    },
    close: () => client.close(),
  };
}

/** A CloudEvent in binary mode over AMQP. */
function amqp(stack: StackProcess): Source {
  const client = new EventHubProducerClient(stack.record.hubs, hubs.stream);
  return {
    name: 'AMQP, binary',
    batch: 1,
    isIdempotent: true,
    async send([picture]) {
      const { imageId, records } = recordsFor('binary', {
        ...{ owner, contentType: 'image/png', bytes: picture!.bytes, eventId: picture!.key },
      });
      const [{ value, headers }] = records as [(typeof records)[number]];
      await client.sendBatch([{ body: value, properties: headers }], { partitionKey: owner });
      return [imageId];
    },
    close: () => client.close(),
  };
}

export const openSources = async (stack: StackProcess): Promise<readonly Source[]> => [
  rawBody(stack, true),
  rawBody(stack, false),
  form(stack),
  tus(stack, 1),
  tus(stack, 2),
  ...(await Promise.all(
    (['binary', 'structured', 'bare', 'chunked'] as const).map((as) => kafka(stack, as)),
  )),
  amqp(stack),
];
