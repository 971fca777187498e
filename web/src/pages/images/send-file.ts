import { Upload, type HttpRequest } from 'tus-js-client';
import {
  apiErrorOf,
  asApiError,
  parsedBody,
  unreachable,
  type ApiError,
} from '../../../../client/api-error.ts';
import { explainBlock } from '../../../../client/edge-block.ts';
import { apiErrorOfTus } from '../../../../client/tus-error.ts';
import type { UploadAnswer } from '../../../../client/api-types.ts';
import { pieceBytes } from '../../../../client/piece-bytes.ts';
import { fileNameParameter } from '../../../../client/file-name.ts';
import { consoleConfig } from '../../session/config.ts';
import { accessToken, renew } from '../../session/session.ts';

export interface Sending {
  /** Stops; what the service has so far it keeps, so that sending may go on from there. */
  pause(): Promise<void>;
  /** Stops, and has the service forget what it got. */
  cancel(): Promise<void>;
}

export interface SendOptions {
  readonly file: File;
  readonly personId: string;
  /** The same for every attempt at this file, so that none of them makes a second image. */
  readonly key: string;
  readonly onProgress: (sent: number) => void;
  readonly onDone: (imageId: string) => void;
  readonly onProblem: (problem: ApiError) => void;
}

const idOf = (location: string): string => location.split('/').at(-1)!.split('?')[0]!;

/** Names the file in this browser, so that an interrupted upload of it is found again after a reload. */
const fingerprintOf = (personId: string) => (file: File) =>
  Promise.resolve(['darkroom', personId, file.name, file.type, file.size, file.lastModified].join('/'));

async function addToken(request: HttpRequest): Promise<void> {
  const token = await accessToken();
  if (token !== undefined) request.setHeader('Authorization', `Bearer ${token}`);
}

/** Has the service forget what an earlier visit sent of a file, and this browser that it did. */
export async function discardSent(personId: string, file: File): Promise<void> {
  const found = new Upload(file, { fingerprint: fingerprintOf(personId), onBeforeRequest: addToken });
  for (const { uploadUrl, urlStorageKey } of await found.findPreviousUploads()) {
    localStorage.removeItem(urlStorageKey);
    if (uploadUrl !== null) await Upload.terminate(uploadUrl, { onBeforeRequest: addToken });
  }
}

function sendResumable(endpoint: string, options: SendOptions): Sending {
  const { file, personId, key } = options;
  const upload = new Upload(file, {
    endpoint,
    chunkSize: pieceBytes,
    retryDelays: [0, 1000, 3000, 5000],
    metadata: { filename: file.name, filetype: file.type },
    headers: { 'Idempotency-Key': key },
    fingerprint: fingerprintOf(personId),
    removeFingerprintOnSuccess: true,
    onBeforeRequest: addToken,
    onShouldRetry(error) {
      const status = error.originalResponse?.getStatus() ?? 0;
      if (status === 401) void renew();
      const mayHelp = [0, 401, 409, 423, 429, 460].includes(status) || status >= 500;
      return mayHelp && navigator.onLine;
    },
    onProgress: (sent) => options.onProgress(sent),
    onSuccess: () => options.onDone(idOf(upload.url!)),
    onError: (error) => void apiErrorOfTus(error, endpoint).then(options.onProblem),
  });
  let stopped = false;
  void upload.findPreviousUploads().then(
    ([previous]) => {
      if (previous) upload.resumeFromPreviousUpload(previous);
      if (!stopped) upload.start();
    },
    (error: unknown) => options.onProblem(asApiError(error)),
  );
  return {
    pause() {
      stopped = true;
      return upload.abort();
    },
    cancel() {
      stopped = true;
      return upload.abort(upload.url !== null);
    },
  };
}

/** One request, with progress, for a service that takes no resumable uploads. */
function sendWhole(url: string, options: SendOptions): Sending {
  const request = new XMLHttpRequest();
  request.open('POST', url);
  request.setRequestHeader('content-type', options.file.type || 'application/octet-stream');
  request.setRequestHeader('idempotency-key', options.key);
  request.setRequestHeader('content-disposition', `attachment; ${fileNameParameter(options.file.name)}`);
  request.upload.onprogress = ({ loaded }) => options.onProgress(loaded);
  request.onerror = () => options.onProblem(unreachable());
  request.onload = () => {
    if (request.status === 202) {
      const answer = JSON.parse(request.responseText) as UploadAnswer;
      options.onDone(answer.images[0]!.id);
      return;
    }
    const headers = { get: (name: string) => request.getResponseHeader(name) };
    const problem = apiErrorOf({ status: request.status, headers }, parsedBody(request.responseText));
    void explainBlock(problem, url).then(options.onProblem);
  };
  void accessToken().then((token) => {
    if (token !== undefined) request.setRequestHeader('authorization', `Bearer ${token}`);
    request.send(options.file);
  });
  const stop = () => {
    request.abort();
    return Promise.resolve();
  };
  return { pause: stop, cancel: stop };
}

let resumable: Promise<boolean> | undefined;

const takesResumable = (endpoint: string): Promise<boolean> =>
  (resumable ??= fetch(endpoint, { method: 'OPTIONS' })
    .then(async (response) => {
      if (response.ok || [404, 405].includes(response.status)) return response.ok;
      throw await explainBlock(apiErrorOf(response, parsedBody(await response.text())), endpoint);
    })
    .catch((error: unknown) => {
      resumable = undefined;
      throw error;
    }));

/** Sends one file: resumable (tus) where the service takes that, in one request otherwise. */
export async function sendFile(options: SendOptions): Promise<Sending> {
  const { apiBase } = await consoleConfig();
  const endpoint = `${apiBase}/uploads`;
  if (await takesResumable(endpoint)) return sendResumable(endpoint, options);
  return sendWhole(`${apiBase}/images`, options);
}
