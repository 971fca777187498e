import { DetailedError, Upload } from 'tus-js-client';
import { apiUrl } from '../../api/client.ts';
import { asProblem, Problem, problemOf, unreachable } from '../../api/problem.ts';
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
  readonly onProblem: (problem: Problem) => void;
}

const idOf = (location: string): string => location.split('/').at(-1)!.split('?')[0]!;

const pieceBytes = 16 * 1024 * 1024;

/** Names the file in this browser, so that an interrupted upload of it is found again after a reload. */
const fingerprintOf = (personId: string) => (file: File) =>
  Promise.resolve(['darkroom', personId, file.name, file.type, file.size, file.lastModified].join('/'));

function problemOfTus(error: Error | DetailedError): Problem {
  const response = error instanceof DetailedError ? error.originalResponse : null;
  if (response === null) return unreachable();
  try {
    const body = JSON.parse(response.getBody()) as { code: string; title: string; detail: string };
    return new Problem({ ...body, status: response.getStatus() });
  } catch {
    return new Problem({
      code: `http-${response.getStatus()}`,
      status: response.getStatus(),
      title: 'The upload was not taken',
      detail: `The service answered ${response.getStatus()}.`,
    });
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
    async onBeforeRequest(request) {
      const token = await accessToken();
      if (token !== undefined) request.setHeader('Authorization', `Bearer ${token}`);
    },
    onShouldRetry(error) {
      const status = error.originalResponse?.getStatus() ?? 0;
      if (status === 401) void renew();
      const mayHelp = [0, 401, 409, 423, 429, 460].includes(status) || status >= 500;
      return mayHelp && navigator.onLine;
    },
    onProgress: (sent) => options.onProgress(sent),
    onSuccess: () => options.onDone(idOf(upload.url!)),
    onError: (error) => options.onProblem(problemOfTus(error)),
  });
  let stopped = false;
  void upload.findPreviousUploads().then(
    ([previous]) => {
      if (previous) upload.resumeFromPreviousUpload(previous);
      if (!stopped) upload.start();
    },
    (error: unknown) => options.onProblem(asProblem(error)),
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
  request.upload.onprogress = ({ loaded }) => options.onProgress(loaded);
  request.onerror = () => options.onProblem(unreachable());
  request.onload = () => {
    if (request.status === 202) {
      const answer = JSON.parse(request.responseText) as { images: { id: string }[] };
      options.onDone(answer.images[0]!.id);
      return;
    }
    void problemOf(new Response(request.responseText, { status: request.status })).then(options.onProblem);
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
  (resumable ??= fetch(endpoint, { method: 'OPTIONS' }).then(
    ({ ok }) => ok,
    (error: unknown) => {
      resumable = undefined;
      throw error;
    },
  ));

/** Sends one file: resumable (tus) where the service takes that, in one request otherwise. */
export async function sendFile(options: SendOptions): Promise<Sending> {
  const endpoint = await apiUrl('/uploads');
  if (await takesResumable(endpoint)) return sendResumable(endpoint, options);
  return sendWhole(await apiUrl('/images'), options);
}
