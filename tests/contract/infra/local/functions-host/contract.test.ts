/**
 * What our code relies on in a Functions host. Each expectation is followed by its source: `observed` in Microsoft's host
 * 4.1037 with the real Node worker, or the file of azure-functions-host (or ASP.NET Core) that says it.
 *
 * It runs against the local host, or against any host that was given the folder which
 * `node tests/contract/infra/local/functions-host/fixture/build.ts DIR` writes:
 * DARKROOM_TEST_HOST=http://ADDRESS DARKROOM_TEST_HOST_KEY=MASTER_KEY npm run jest -- functions-host/contract
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { hostKeys, runFixtureHost, type FixtureHost } from '../../../../support/fixture-host.ts';
import { ask, sendRaw, type RawRequest } from '../../../../support/raw-http.ts';

const given = process.env['DARKROOM_TEST_HOST'];
const masterKey = process.env['DARKROOM_TEST_HOST_KEY'] ?? hostKeys.master;

let local: FixtureHost | undefined;
let address: URL;

beforeAll(async () => {
  if (given === undefined) local = await runFixtureHost();
  address = local?.address ?? new URL(given!);
});

afterAll(() => local?.close());

const get = (path: string, ...headers: string[]) => ask(address, `GET ${path}`, headers);
const post = (path: string, headers: readonly string[], options: RawRequest = {}) =>
  ask(address, `POST ${path}`, headers, options);

interface Seen {
  readonly params: Readonly<Record<string, string>>;
  readonly path: string;
  readonly body: string;
}

const seen = (body: string): Seen => JSON.parse(Buffer.from(body, 'latin1').toString('utf8')) as Seen;
const bare = (status: number) => ({ status, body: '', end: 'ended' });

describe('an address', () => {
  test.each([
    ['in other letters', 'GET /API/Text', 200], // observed; routes of ASP.NET Core ignore case
    ['with a slash at its end', 'GET /api/text/', 200], // observed
    ['with dot segments', 'GET /api/x/../text', 200], // Kestrel PathNormalizer.RemoveDotSegments
    ['with encoded dot segments', 'GET /api/one/%2e%2e/text', 200], // Kestrel decodes first, then removes them
    ['asked with HEAD where the function says so', 'HEAD /api/text', 200], // observed
    ['asked with a method of no function', 'POST /api/text', 404], // WebJobsRouter: no 405
    ['asked with OPTIONS', 'OPTIONS /api/text', 404], // observed: nothing answers by itself
    ['that no function has', 'GET /api/none', 404], // FunctionInvocationMiddleware
    ['with doubled slashes before the prefix', 'GET //api/text', 404], // TemplateMatcher
    ['with doubled slashes inside', 'GET /api//text', 404], // TemplateMatcher
    ['whose constraint does not hold', 'GET /api/status/abc', 404], // IntRouteConstraint
    ['without the parameter', 'GET /api/one', 404], // TemplateMatcher
    ['outside of the prefix, posted to', 'POST /none', 404], // observed
  ])('%s', async (_, line, status) => {
    expect((await ask(address, line)).status).toBe(status);
  });

  test('that nothing answers is a 404 without a body', async () => {
    expect(await get('/api/none')).toMatchObject(bare(404)); // observed
  });

  test.each([
    ['a%20b', 'a b'], // Kestrel UrlDecoder
    ['a+b', 'a+b'],
    ['a%25b', 'a%b'],
    ['caf%C3%A9', 'café'],
    ['a%2Fb', 'a%2Fb'], // UrlDecoder leaves the encoded slash
    ['caf%E9', 'caf%E9'], // and what is not UTF-8
    ['a;b=c', 'a;b=c'],
    ['a:b', 'a:b'],
  ])('that ends with %s gives the function %s', async (sent, value) => {
    expect(seen((await get(`/api/one/${sent}`)).body).params).toEqual({ id: value });
  });

  test('with an optional parameter left out is the function’s, too', async () => {
    expect(seen((await get('/api/optional')).body).params).toEqual({});
    expect(seen((await get('/api/optional/x')).body).params).toEqual({ id: 'x' });
  });

  test('goes on whole to a parameter that takes the rest', async () => {
    expect(seen((await get('/api/rest/a/b/c')).body).params).toEqual({ path: 'a/b/c' });
  });
});

describe('values of the route give way', () => {
  // HttpTriggerAttributeBindingProvider: binding data are of the route, then the query, then a JSON body; all ignore case.
  test('to keys of the query', async () => {
    expect(seen((await get('/api/one/a?ID=b')).body).params).toEqual({ ID: 'b' });
  });

  test('to properties of a JSON body of a declared length', async () => {
    const body = '{"id":"c"}';
    const headers = ['Content-Type: application/json', `Content-Length: ${body.length}`];
    expect(seen((await post('/api/one/a', headers, { body })).body)).toMatchObject({
      params: { id: 'c' },
      body,
    });
  });
});

describe('a head', () => {
  test.each([
    ['with 7 KB of query', ['GET', `/api/text?a=${'x'.repeat(7_000)}`], [], 200],
    ['with a line of 9 KB', ['GET', `/api/text?a=${'x'.repeat(9_000)}`], [], 414], // Kestrel MaxRequestLineSize 8192
    ['with 9 KB of headers', ['GET', '/api/text'], [`x-long: ${'y'.repeat(9_000)}`], 200],
    ['with 40 KB of headers', ['GET', '/api/text'], [`x-long: ${'y'.repeat(40_000)}`], 431], // MaxRequestHeadersTotalSize
    ['with 120 headers', ['GET', '/api/text'], Array.from({ length: 120 }, (__, n) => `x-${n}: v`), 431], // MaxRequestHeaderCount 100
    ['with a NUL in its address', ['GET', '/api/one/a%00b'], [], 400], // Kestrel: InvalidRequestTarget
    ['with bytes in its address that are not ASCII', ['GET', '/api/one/caf\xe9'], [], 400], // GetAsciiStringNonNullCharacters
    ['with a length that is no number', ['POST', '/api/one/p'], ['Content-Length: x'], 400], // InvalidContentLength
    ['for another host than it names', ['GET', 'http://other.test/api/text'], [], 400], // InvalidHostHeader
  ] as const)('%s is answered', async (_, [method, path], headers, status) => {
    expect(await ask(address, `${method} ${path}`, headers)).toMatchObject({ status, end: 'ended' });
  });

  test('without a host is refused, but of HTTP/1.0', async () => {
    expect((await sendRaw(address, ['GET /api/text HTTP/1.1', 'Connection: close'])).status).toBe(400); // MissingHostHeader
    expect((await sendRaw(address, ['GET /api/text HTTP/1.0'])).status).toBe(200);
  });
});

describe('a body', () => {
  const early = '/api/refuse';

  // observed: the host reads it whole (a .NET string and a temporary file) before the function starts
  test('of a declared length is taken to its end before the function runs', async () => {
    let answeredAt = 0;
    const sent = post(early, ['Content-Length: 10'], {
      body: async (socket) => {
        socket.write('12345');
        await new Promise((resolve) => setTimeout(resolve, 700));
        answeredAt = Date.now();
        socket.write('67890');
      },
    });
    const { status } = await sent;
    expect(status).toBe(415);
    expect(Date.now()).toBeGreaterThanOrEqual(answeredAt);
    expect(answeredAt).toBeGreaterThan(0);
  });

  // DefaultHttpProxyService: YARP streams both ways
  test('in chunks may be refused before it has come', async () => {
    // The end of the body never comes.
    const answer = await post(early, ['Transfer-Encoding: chunked'], { body: '5\r\nhello\r\n' });
    expect(answer.status).toBe(415);
  });

  test('in chunks reaches the function', async () => {
    const { body } = await post('/api/one/p', ['Transfer-Encoding: chunked'], {
      body: '5\r\nhello\r\n0\r\n\r\n',
    });
    expect(seen(body).body).toBe('hello');
  });

  // observed: HttpRequestBodySizeMiddleware sets Kestrel's limit, ExceptionMiddleware makes its refusal a 500
  test('that is declared to be over 100 MiB is a bare 500', async () => {
    expect(await post('/api/stream', ['Content-Length: 104857601'])).toMatchObject({ status: 500, body: '' });
  });

  // observed: ForwarderError.RequestBodyClient makes the invocation fail (EnsureSuccessfulForwardingAsync)
  test('in chunks that goes over 100 MiB is a bare 500', async () => {
    const chunk = Buffer.concat([Buffer.from('100000\r\n'), Buffer.alloc(0x10_0000), Buffer.from('\r\n')]);
    const answer = await post('/api/stream', ['Transfer-Encoding: chunked'], {
      waitMs: 30_000,
      body: async (socket) => {
        for (let megabyte = 0; megabyte < 102; megabyte += 1) {
          socket.write(chunk);
          await new Promise((resolve) => setImmediate(resolve));
        }
      },
    });
    expect(answer).toMatchObject({ status: 500, body: '' });
  });

  // observed
  test('that was declared and does not come is a bare 500', async () => {
    const answer = await post('/api/one/p', ['Content-Length: 5'], { halfCloseAfterMs: 0 });
    expect(answer).toMatchObject({ status: 500, body: '' });
  });
});

// Kestrel knows no other, and the worker's server lets them pass too.
test('another expectation is a header as any other', async () => {
  const headers = ['Expect: something', 'Content-Length: 5'];
  const { text } = await post('/api/refuse', headers, { body: 'hello' });
  expect(text).toMatch(/^HTTP\/1\.1 415/);
});

describe('Expect: 100-continue', () => {
  // Kestrel says 100 when the body is first read, which for a declared length is before the function runs.
  test('is answered at once for a declared length', async () => {
    const { text } = await post('/api/refuse', ['Expect: 100-continue', 'Content-Length: 5'], {
      body: 'hello',
    });
    expect(text).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 415/);
  });

  // SocketsHttpHandler waits for the worker's 100, and YARP reads the client's body only then.
  test('is not answered for chunks that the function refuses', async () => {
    const { text } = await post('/api/refuse', ['Expect: 100-continue', 'Transfer-Encoding: chunked']);
    expect(text).toMatch(/^HTTP\/1\.1 415/);
  });

  test('is answered for chunks that the function reads', async () => {
    const { text } = await post('/api/stream', ['Expect: 100-continue', 'Transfer-Encoding: chunked'], {
      body: async (socket) => {
        await new Promise((resolve) => setTimeout(resolve, 300));
        socket.write('5\r\nhello\r\n0\r\n\r\n');
      },
    });
    expect(text).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200/);
  });
});

describe('an answer', () => {
  test.each([201, 204, 304, 308, 404, 416, 503, 599])('of status %s keeps it', async (status) => {
    expect((await get(`/api/status/${status}`)).status).toBe(status); // observed
  });

  test('has every cookie in a header of its own', async () => {
    expect((await get('/api/cookies')).text.match(/^set-cookie: /gim)).toHaveLength(2); // observed
  });
});

describe('keys', () => {
  // AuthorizationLevelAttribute, AuthenticationLevelHandler: the header or the query's `code`
  test.each([
    ['a function that asks for one, without', '/api/keyed', undefined, 401],
    ['a function that asks for one, with another', '/api/keyed', 'wrong', 401],
    ['a function that asks for one, with the master key', '/api/keyed', 'master', 200],
    ['a function for administrators, without', '/api/admin-only', undefined, 401],
    ['a function for administrators, with the master key', '/api/admin-only', 'master', 200],
    ['the admin API, without', '/admin/functions', undefined, 401], // FunctionsController: AdminAuthLevel
    ['the admin API, with another', '/admin/host/status', 'wrong', 401],
    ['the admin API, with the master key', '/admin/functions', 'master', 200],
    ['what asks whether the host is there', '/admin/host/ping', undefined, 200], // HostController: no policy
  ] as const)('%s', async (_, path, key, status) => {
    const headers = key === undefined ? [] : [`x-functions-key: ${key === 'master' ? masterKey : key}`];
    expect((await get(path, ...headers)).status).toBe(status);
  });

  test('may be in the query', async () => {
    expect((await get(`/api/keyed?code=${masterKey}`)).status).toBe(200);
  });

  test('an unknown function is told to who has the key', async () => {
    expect((await get('/admin/functions/none', `x-functions-key: ${masterKey}`)).status).toBe(404);
  });
});

describe('the worker', () => {
  test('runs in the folder of host.json', async () => {
    const { directory } = JSON.parse((await get('/api/worker')).body) as { directory: string };
    // RpcWorkerProcess: WorkingDirectory is the script root
    if (local !== undefined) expect(directory).toBe(local.directory);
    else expect(directory).not.toBe('/');
  });
});
