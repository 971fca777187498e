import { openAsBlob } from 'node:fs';
import { answerOf } from './api.ts';
import type { AcceptedImage } from './api-types.ts';
import { apiOf, type Connection } from './connection.ts';
import { mediaTypeOf } from '../shared/platform/media-types.ts';

export interface UploadOptions {
  readonly as?: string;
  readonly idempotencyKey?: string | undefined;
}

/** Sends one file as a raw body, streamed from disk, and answers the image that the API made of it. */
export async function uploadFile(
  connection: Connection,
  file: string,
  { as = 'uploader', idempotencyKey }: UploadOptions = {},
): Promise<AcceptedImage> {
  const type = mediaTypeOf(file);
  const { data } = await answerOf(
    apiOf(connection, as).POST('/images', {
      body: await openAsBlob(file, { type }),
      bodySerializer: (body) => body,
      headers: { 'content-type': type },
      params: { header: idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey } },
    }),
  );
  const [image] = data.images;
  if (image?.status !== 'received') throw new Error('The answer to an image names no image.');
  return image;
}
