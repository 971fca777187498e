import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { answerOf } from './api.ts';
import type { AcceptedImage } from './api-types.ts';
import { apiOf, type Connection } from './connection.ts';
import { fileNameParameter } from '../shared/platform/file-name.ts';
import { mediaTypeOf } from '../shared/platform/media-types.ts';

export interface UploadOptions {
  readonly as?: string;
  readonly idempotencyKey?: string | undefined;
}

/**
 * Sends one file as a raw body and answers the image that the API made of it. It goes in chunks, without a declared
 * length: a Functions host would hold the whole body first, and a refusal would come after its last byte.
 */
export async function uploadFile(
  connection: Connection,
  file: string,
  { as = 'uploader', idempotencyKey }: UploadOptions = {},
): Promise<AcceptedImage> {
  const type = mediaTypeOf(file);
  const { data } = await answerOf(
    apiOf(connection, as).POST('/images', {
      body: Readable.toWeb(createReadStream(file)) as unknown as Blob,
      duplex: 'half',
      bodySerializer: (body) => body,
      headers: {
        'content-type': type,
        'content-disposition': `attachment; ${fileNameParameter(basename(file))}`,
      },
      params: { header: idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey } },
    }),
  );
  const [image] = data.images;
  if (image?.status !== 'received') throw new Error('The answer to an image names no image.');
  return image;
}
