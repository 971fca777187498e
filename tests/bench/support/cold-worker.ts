/**
 * A new instance's worker and its first request, in a process of its own: loads the bundle, starts the app, runs one HTTP
 * function as the host does, and prints the milliseconds from the start of the process to the end of the answer.
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { loadFunctionApp } from '../../../infra/local/functions-host/worker/function-app.ts';
import { runInvocation } from '../../../infra/local/functions-host/worker/run-invocation.ts';
import type { FirstAnswer, FirstRequest } from './cold-start.ts';

const { bundle, name, path, headers } = JSON.parse(process.argv[2]!) as FirstRequest;

async function answer(): Promise<FirstAnswer> {
  const app = await loadFunctionApp(bundle, () => undefined);
  if (app.entryError !== undefined) throw app.entryError;
  const loaded = performance.now();
  const invocationId = randomUUID();
  const [trigger] = Object.entries(app.functions.get(name)!.metadata.bindings).find(
    ([, { type }]) => type === 'httpTrigger',
  )!;
  const triggerMetadata = { Headers: { json: JSON.stringify(headers) } };
  const sent = request(`${app.capabilities['HttpUri']}${path}`, {
    headers: {
      ...{ ...headers, 'x-ms-invocation-id': invocationId },
      ...{ 'x-forwarded-host': 'localhost', 'x-forwarded-proto': 'http' },
    },
  }).end();
  const invoked = runInvocation(
    ...([app, name, { inputData: [{ name: trigger, data: {} }], triggerMetadata }] as const),
    ...([invocationId, () => undefined] as const),
  );
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  const body = await text(response);
  const ended = performance.now();
  await invoked;
  return { status: response.statusCode!, body, ms: ended, loadedMs: loaded };
}

answer().then(
  (found) => process.stdout.write(JSON.stringify(found), () => process.exit(0)),
  (error: unknown) => {
    // Without the line of the bundle, which is a megabyte long.
    process.stderr.write(String(error), () => process.exit(1));
  },
);
