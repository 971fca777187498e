import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Control {
  readonly address: string;
  /** What a request has to carry; in `stack.json`, which its owner alone may read. */
  readonly token: string;
  close(): Promise<void>;
}

/** What the supervisor of a running stack does when it is asked to. */
export interface Actions {
  readonly failOver: () => Promise<object>;
}

/** `POST /fail-over` on loopback, for `npx darkroom drill`. */
export async function startControl({ failOver }: Actions): Promise<Control> {
  const token = randomBytes(32).toString('base64url');
  const expected = Buffer.from(`Bearer ${token}`);
  const isAllowed = ({ headers }: IncomingMessage): boolean => {
    const given = Buffer.from(headers.authorization ?? '');
    return given.length === expected.length && timingSafeEqual(given, expected);
  };
  let underWay = false;

  async function answer(request: IncomingMessage): Promise<[status: number, body: object]> {
    if (!isAllowed(request)) return [401, { message: 'The token of stack.json is missing.' }];
    if (request.method !== 'POST' || request.url !== '/fail-over')
      return [404, { message: 'There is POST /fail-over.' }];
    if (underWay) return [409, { message: 'A failover is under way.' }];
    underWay = true;
    try {
      return [200, await failOver()];
    } catch (error) {
      return [500, { message: error instanceof Error ? error.message : String(error) }];
    } finally {
      underWay = false;
    }
  }

  const server = createServer((request, response) => {
    void answer(request).then(([status, body]) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
