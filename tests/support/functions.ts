import { HttpRequest, InvocationContext } from '@azure/functions';
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeNoteKey, noteSigner } from '../../shared/images/erase/ledger/signed-note.ts';
import type { FunctionHandler } from '../../shared/platform/http/handler.ts';
import { statusesOf } from '../../shared/platform/http/openapi.ts';
import { methodsOf, type Route } from '../../shared/platform/http/route.ts';
import type { TestIssuer } from './issuer.ts';
import type { TestStores } from './stores.ts';

/** What signs the ledger in tests. */
export const testLedgerKey = makeNoteKey('darkroom.test/ledger');
export const testSigner = noteSigner(testLedgerKey);

const signingKey = randomBytes(32).toString('base64');

/** Sets the environment that `parts` reads, as an app's settings would, and answers how to move the clock. */
export function configure(stores: TestStores, issuer: TestIssuer): { moveClock(milliseconds: number): void } {
  const clockFile = join(stores.directory, 'clock-offset');
  Object.assign(process.env, {
    DARKROOM_IMAGE_STORAGE: stores.storage,
    DARKROOM_DATABASE: stores.database,
    DARKROOM_LEDGER_STORAGE: stores.ledger,
    DARKROOM_LEDGER_KEY: testLedgerKey,
    DARKROOM_TOKEN_ISSUER: issuer.url,
    DARKROOM_TOKEN_AUDIENCE: issuer.audience,
    DARKROOM_URL_SIGNING_KEY: signingKey,
    DARKROOM_CLOCK_OFFSET_FILE: clockFile,
  });
  return { moveClock: (milliseconds) => writeFileSync(clockFile, String(milliseconds)) };
}

/** Throws unless an answer is as the route describes it in openapi.json, to the last field. */
function requireDescribed(route: Route, status: number, jsonBody: unknown): void {
  const described = route.responses[status];
  if (!statusesOf(route).includes(status)) throw new Error(`${route.name} does not describe ${status}.`);
  if (described?.schema === undefined || jsonBody === undefined) return;
  const answer: unknown = JSON.parse(JSON.stringify(jsonBody));
  assert.deepStrictEqual(described.schema.parse(answer), answer, `${route.name} is not as described`);
}

/** Sends a request to one of these functions as the host would: by method and route. */
export function caller(functions: ReadonlyMap<string, { route: Route; handler: FunctionHandler }>) {
  const table = [...functions.values()].map(({ route, handler }) => ({
    route,
    handler,
    methods: methodsOf(route),
    pattern: new RegExp(
      `^/api${route.path.replaceAll(/\{\*(\w+)\}/g, '(?<$1>.+)').replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`,
      'i',
    ),
  }));
  return async (
    method: string,
    address: string,
    options: { headers?: Record<string, string>; json?: unknown; text?: string | Uint8Array } = {},
  ) => {
    const url = new URL(address, 'http://localhost');
    const found = table.find(
      (entry) => entry.methods.some((name) => name === method) && entry.pattern.test(url.pathname),
    );
    if (found === undefined) throw new Error(`No function answers ${method} ${url.pathname}`);
    const request = new HttpRequest({
      method,
      url: url.href,
      params: { ...found.pattern.exec(url.pathname)?.groups },
      headers: {
        ...(options.json === undefined ? {} : { 'content-type': 'application/json' }),
        ...options.headers,
      },
      ...(options.json === undefined ? {} : { body: { string: JSON.stringify(options.json) } }),
      ...(typeof options.text === 'string' && { body: { string: options.text } }),
      ...(options.text instanceof Uint8Array && { body: { bytes: options.text } }),
    });
    const context = new InvocationContext({ functionName: 'test', logHandler: () => undefined });
    const { body, jsonBody, headers, status } = await found.handler(request, context);
    requireDescribed(found.route, status ?? 200, jsonBody);
    const content = jsonBody === undefined ? body : JSON.stringify(jsonBody);
    // As the library does it: what the handler answers becomes a web response.
    return new Response(content as ConstructorParameters<typeof Response>[0], {
      status: status ?? 200,
      headers: new Headers(headers),
    });
  };
}
