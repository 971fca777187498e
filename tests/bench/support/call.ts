import { once } from 'node:events';
import { Agent, request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';

/** Idle ones end before the host ends them. */
const connections = new Agent({ keepAlive: true, timeout: 3_000 });

export interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A request over a kept connection, without `fetch`, whose own work on a body costs as much as the rest; chunked when its length is not declared. */
export async function call(
  method: string,
  url: string,
  headers: Record<string, string>,
  body: Buffer = Buffer.alloc(0),
  isDeclared = true,
): Promise<Answer> {
  const request = httpRequest(url, {
    agent: connections,
    method,
    headers: isDeclared
      ? { ...headers, 'content-length': body.length }
      : { ...headers, 'transfer-encoding': 'chunked' },
  });
  request.end(body);
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  const { statusCode: status, headers: answered } = response;
  return { status, headers: answered, body: await text(response) };
}

export function expectStatus({ status, body }: Answer, expected: number): void {
  if (status !== expected) throw new Error(`A request was answered ${status}, not ${expected}: ${body}`);
}

export const closeConnections = (): void => connections.destroy();
