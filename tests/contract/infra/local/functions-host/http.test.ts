import { Agent, request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sendRaw } from '../../../../support/raw-http.ts';
import { hostKeys, runFixtureHost, type FixtureHost } from '../../../../support/fixture-host.ts';

let running: FixtureHost;
let base: string;

beforeAll(async () => {
  running = await runFixtureHost({
    environment: {
      DARKROOM_TOKEN_ISSUER: 'https://issuer.test/tenant',
      DARKROOM_TOKEN_AUDIENCE: 'api://darkroom',
    },
  });
  base = running.address.origin;
});

afterAll(() => running.close());

const id = '8f14e45f-ceea-467f-a8f2-0123456789ab';

test.each(['/api/echo/small/1', '/', '/config.json', '/admin/host/status'])(
  'a name of elsewhere that points here gets nothing of %s (DNS rebinding)',
  async (path) => {
    for (const host of ['evil.example', 'localhost.evil.example:7071', '10.0.0.7']) {
      const lines = [`GET ${path} HTTP/1.1`, `Host: ${host}`, 'Connection: close'];
      const answer = await sendRaw(new URL(base), lines);
      expect([answer.status, answer.body]).toEqual([421, '']);
    }
  },
);

test('a request with two names gets nothing by either, as Kestrel has it', async () => {
  for (const host of ['evil.example', 'localhost']) {
    const lines = ['GET / HTTP/1.1', 'Host: localhost', `Host: ${host}`, 'Connection: close'];
    expect((await sendRaw(new URL(base), lines)).status).toBe(400);
  }
});

describe('HTTP triggers', () => {
  test('hand the function route parameters, query, headers and body, and its answer to the client', async () => {
    const response = await fetch(`${base}/api/echo/small/${id}?a=1&b=two`, {
      method: 'POST',
      headers: { 'x-sent': 'yes' },
      body: 'hello',
    });
    expect(response.status).toBe(201);
    expect(response.headers.get('x-kind')).toBe('small');
    expect(await response.json()).toMatchObject({
      params: { kind: 'small', id },
      query: { a: '1', b: 'two' },
      header: 'yes',
      url: `${base}/api/echo/small/${id}?a=1&b=two`,
      body: 'hello',
      invocationId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
  });

  test('prefer the route that is more literal', async () => {
    expect(await (await fetch(`${base}/api/echo/special/7`)).text()).toBe('special');
  });

  test('answer 404 when a route constraint does not hold or no function has the path', async () => {
    expect((await fetch(`${base}/api/echo/small/not-a-guid`, { method: 'POST' })).status).toBe(404);
    expect((await fetch(`${base}/api/nothing`)).status).toBe(404);
  });

  test('stream a body of 40 MB to the function', async () => {
    const response = await fetch(`${base}/api/stream`, { method: 'POST', body: Buffer.alloc(40_000_000) });
    expect(await response.text()).toBe('40000000');
  });

  test('let a function refuse a large body without reading it', async () => {
    for (let time = 0; time < 5; time += 1) {
      const body = Buffer.alloc(20_000_000);
      const response = await fetch(`${base}/api/refuse`, { method: 'POST', body });
      expect(response.status).toBe(415);
      expect(await response.json()).toEqual({ code: 'unsupported-type' });
    }
  });

  test('keep the connection of a client whose body was refused, for its next request', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    // By the client's port: `reusedSocket` is not set on a request that waited for the connection.
    const post = (path: string, body: Buffer) =>
      new Promise<[status: number, port: number]>((resolve, reject) => {
        const headers = { 'content-length': body.length };
        const request = httpRequest(`${base}${path}`, { method: 'POST', agent, headers }, (response) => {
          const { localPort } = response.socket;
          response.resume().on('end', () => resolve([response.statusCode!, localPort!]));
        });
        request.on('error', reject).end(body);
      });
    const [status, port] = await post('/api/refuse', Buffer.alloc(3_000_000));
    expect(status).toBe(415);
    expect(await post('/api/refuse', Buffer.alloc(3_000_000))).toEqual([415, port]);
    expect(await post('/api/stream', Buffer.alloc(1_000_000))).toEqual([200, port]);
    agent.destroy();
  });

  // KestrelServerLimits.KeepAliveTimeout
  test('keep a connection that is idle for 130 s', async () => {
    const { headers } = await fetch(`${base}/api/text`);
    expect(headers.get('keep-alive')).toBe('timeout=130');
  });
});

describe('the admin API', () => {
  const headers = { 'content-type': 'application/json', 'x-functions-key': hostKeys.master };

  test('lists the functions with their bindings', async () => {
    const response = await fetch(`${base}/admin/functions`, { headers });
    const functions = (await response.json()) as { name: string }[];
    expect(functions.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['echo', 'stream', 'hourly', 'binaryBatch', 'retried', 'single']),
    );
  });

  // TimerListener of azure-webjobs-sdk-extensions: a timer that never ran has a status, too.
  test('runs a timer function on demand, which is told its schedule', async () => {
    const response = await fetch(`${base}/admin/functions/hourly`, {
      method: 'POST',
      headers,
      body: '{"input":""}',
    });
    expect(response.status).toBe(202);
    const { message } = JSON.parse(await running.host.line((text) => text.includes('timer {'))) as {
      message: string;
    };
    expect(JSON.parse(message.slice('timer '.length))).toMatchObject({
      isPastDue: false,
      scheduleStatus: { last: '0001-01-01T00:00:00', next: expect.stringMatching(/:00:00\.000Z$/) },
    });
  });

  test('refuses what a page of another site could send', async () => {
    const { 'x-functions-key': key } = headers;
    const response = await fetch(`${base}/admin/functions/hourly`, {
      method: 'POST',
      headers: { 'x-functions-key': key },
      body: '{"input":""}',
    });
    expect(response.status).toBe(415);
  });
});

describe('the pages', () => {
  test('tell the console who signs people in', async () => {
    const response = await fetch(`${base}/config.json`);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.json()).toEqual({
      issuer: 'https://issuer.test/tenant',
      clientId: 'darkroom-console',
      scope: 'openid profile offline_access api://darkroom/access',
      apiBase: '/api',
      currency: 'EUR',
    });
  });

  test('say how to build the console until it is built', async () => {
    const response = await fetch(`${base}/`);
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('npm run build');
  });

  test('allow nothing from elsewhere but requests to the token issuer', async () => {
    const policy = (await fetch(`${base}/`)).headers.get('content-security-policy')!;
    expect(policy).toContain("default-src 'self'");
    expect(policy).toContain("connect-src 'self' https://issuer.test;");
  });

  test.each(['/', '/sales/anything', '/config.json', '/icon.svg', '/assets/none.js'])(
    'of %s come with headers that keep others out',
    async (path) => {
      const { headers } = await fetch(`${base}${path}`);
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
      expect(headers.get('content-security-policy')).not.toContain('unsafe-');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('permissions-policy')).toContain('geolocation=()');
      expect(headers.get('strict-transport-security')).toMatch(/^max-age=\d{8,}/);
    },
  );
});
