import { once } from 'node:events';
import { request, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { must, uploads } from '../check.ts';

/* Requests of the tus protocol over plain HTTP, as no client library would send them. */

export const piece = 'application/offset+octet-stream';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
}

export interface Asked {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  readonly isChunked?: boolean;
  /** Break off after the body instead of ending it; in chunks, since the host passes on nothing of a cut declared length. */
  readonly isCut?: boolean;
}

export async function call(method: string, path = '', asked: Asked = {}): Promise<Answer> {
  const { headers = {}, body, isCut = false, isChunked = isCut } = asked;
  const url = new URL(path === '' ? uploads.endpoint : path, uploads.endpoint);
  const length = body?.byteLength ?? 0;
  const sent = request(url, {
    method,
    agent: false,
    headers: {
      authorization: `Bearer ${uploads.token}`,
      'tus-resumable': '1.0.0',
      ...(isChunked ? { 'transfer-encoding': 'chunked' } : { 'content-length': String(length) }),
      ...headers,
    },
  });
  if (isCut) {
    sent.on('error', () => undefined);
    await new Promise((resolve) => sent.write(body ?? '', resolve));
    // Long enough for the bytes to be there before the end of the connection is.
    await sleep(500);
    sent.destroy();
    return { status: 0, headers: {} };
  }
  sent.end(body);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  response.resume();
  await once(response, 'end');
  return { status: response.statusCode ?? 0, headers: response.headers };
}

/** Starts an upload and answers its address. */
export async function begin(headers: Readonly<Record<string, string>>, body?: Uint8Array): Promise<string> {
  const { status, headers: answered } = await call('POST', '', { headers, ...(body && { body }) });
  must(status === 201 && answered.location !== undefined, `POST ${JSON.stringify(headers)} is ${status}`);
  return answered.location!;
}

export const patch = (path: string, offset: number | string, body: Uint8Array, asked: Asked = {}) =>
  call('PATCH', path, {
    ...asked,
    headers: { 'content-type': piece, 'upload-offset': String(offset), ...asked.headers },
    body,
  });

export const head = (path: string) => call('HEAD', path);

/** Fails unless the answer has this status and these headers; null: it must not have it. */
export function expectAnswer(
  what: string,
  answer: Answer,
  status: number | readonly number[],
  headers: Readonly<Record<string, string | RegExp | null>> = {},
): void {
  must([status].flat().includes(answer.status), `${what}: ${answer.status} instead of ${String(status)}`);
  must(answer.headers['tus-resumable'] === '1.0.0', `${what}: no Tus-Resumable`);
  for (const [name, wanted] of Object.entries(headers)) {
    const found = answer.headers[name];
    const isRight =
      wanted === null
        ? found === undefined
        : wanted instanceof RegExp
          ? wanted.test(String(found))
          : found === wanted;
    must(isRight, `${what}: ${name} is ${String(found)} instead of ${String(wanted)}`);
  }
}
