import { createReadStream, statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { FileUrlStorage, Upload } from 'tus-js-client';
import type { Connection } from './connection.ts';
import { pieceBytes } from './piece-bytes.ts';
import { apiErrorOfTus } from './tus-error.ts';
import { mediaTypeOf } from '../shared/platform/media-types.ts';

/** How long to wait before each further try after a failed one. Milliseconds. */
const retryDelaysMs = [0, 1000, 2000, 5000, 10_000, 20_000, 30_000, 30_000];

/**
 * Sends one file by the tus protocol and answers the id of the image. What was sent counts: the same command, started
 * again after whatever stopped it, goes on where the file stands.
 */
export async function uploadResumable(
  connection: Pick<Connection, 'api' | 'token'>,
  file: string,
  options: {
    readonly as: string;
    /** A file in which uploads that are under way are remembered. */
    readonly stateFile: string;
    readonly onProgress: (sent: number, total: number) => void;
  },
): Promise<{ id: string; status: string }> {
  const { size, mtimeMs } = statSync(file);
  const token = await connection.token(options.as);
  const endpoint = new URL('/api/uploads', connection.api).href;
  const url = await new Promise<string>((done, failed) => {
    const upload = new Upload(createReadStream(file), {
      endpoint,
      headers: { authorization: `Bearer ${token}` },
      metadata: { filename: basename(file), filetype: mediaTypeOf(file) },
      uploadSize: size,
      chunkSize: pieceBytes,
      retryDelays: retryDelaysMs,
      urlStorage: new FileUrlStorage(options.stateFile),
      fingerprint: () =>
        Promise.resolve(`${resolve(file)} ${size} ${mtimeMs} ${options.as} ${connection.api}`),
      removeFingerprintOnSuccess: true,
      onProgress: (sent) => options.onProgress(sent, size),
      onError: (error) => void apiErrorOfTus(error, endpoint).then(failed),
      onSuccess: () => done(upload.url!),
    });
    upload.findPreviousUploads().then((previous) => {
      if (previous[0] !== undefined) upload.resumeFromPreviousUpload(previous[0]);
      upload.start();
    }, failed);
  });
  return { id: url.split('/').at(-1)!, status: 'received' };
}
