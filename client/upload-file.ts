import { openAsBlob } from 'node:fs';
import { callApi } from './api.ts';
import type { Connection } from './connection.ts';
import { mediaTypeOf } from '../shared/platform/media-types.ts';

export interface Received {
  readonly id: string;
  readonly status: string;
  readonly links: { readonly self: string };
}

export interface UploadOptions {
  readonly as?: string;
  readonly idempotencyKey?: string | undefined;
}

/** Sends one file as a raw body, streamed from disk, and answers the image that the API made of it. */
export async function uploadFile(
  connection: Connection,
  file: string,
  { as = 'uploader', idempotencyKey }: UploadOptions = {},
): Promise<Received> {
  const type = mediaTypeOf(file);
  const body = await openAsBlob(file, { type });
  const answer = (await callApi(connection, '/images', {
    method: 'POST',
    as,
    body,
    headers: {
      'content-type': type,
      ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
    },
  })) as { images: Received[] };
  return answer.images[0]!;
}
