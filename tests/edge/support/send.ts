import { request as httpRequest } from 'node:http';
import type { TestStack } from '../../pipeline/support/stack.ts';
import { edgeBlock } from '../../../shared/platform/edge-block.ts';

export interface Sent {
  readonly name: string;
  readonly method: string;
  /** From the path on. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Persona whose token goes along. */
  readonly as?: string;
  readonly body?: Uint8Array | string;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

export const isBlocked = ({ status, body }: Answer): boolean =>
  status === edgeBlock.status && body.includes(edgeBlock.code);

/** Header lines as real clients send them. */
export const agents = {
  browser: {
    'user-agent':
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
    accept: '*/*',
    'accept-language': 'da-DK,da;q=0.9,en-GB;q=0.8',
    'accept-encoding': 'gzip, deflate, br',
  },
  node: { 'user-agent': 'node', accept: '*/*', 'accept-language': '*', 'accept-encoding': 'gzip, deflate' },
  curl: { 'user-agent': 'curl/8.5.0', accept: '*/*' },
  python: { 'user-agent': 'python-requests/2.32', accept: '*/*', 'accept-encoding': 'gzip, deflate' },
} as const;

/** Sends one request as it is written, without a library that tidies paths and headers. */
export function makeSend(stack: TestStack, port: number) {
  return async ({ method, url, headers = {}, as, body }: Sent): Promise<Answer> => {
    const token = as === undefined ? undefined : await stack.connection.token(as);
    const all = {
      host: `localhost:${port}`,
      ...agents.browser,
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-length': String(Buffer.byteLength(body)) }),
      ...headers,
    };
    return new Promise((resolve, reject) => {
      const request = httpRequest(
        { host: '127.0.0.1', port, method, path: url, headers: all },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () =>
            resolve({ status: response.statusCode!, headers: response.headers, body: Buffer.concat(chunks) }),
          );
          response.on('error', reject);
        },
      );
      request.on('error', reject);
      request.end(body);
    });
  };
}

export type Send = ReturnType<typeof makeSend>;

/** A name in the path of an address that the API gave. */
export const pathOf = (address: string): string => address.replace(/^https?:\/\/[^/]+/, '');
