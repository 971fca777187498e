import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HttpRequest, InvocationContext } from '@azure/functions';
import { EventHubConsumerClient, type ReceivedEventData } from '@azure/event-hubs';
import type { ContainerClient } from '@azure/storage-blob';
import { startEventHubs } from '../../infra/local/event-hubs/start.ts';
import { containers } from '../../shared/platform/blobs/containers.ts';
import { hubs } from '../../shared/stream/hubs.ts';
import { methodsOf, type Route } from '../../shared/platform/http/route.ts';
import { blobService } from '../../shared/platform/blobs/blob-service.ts';
import { runAzurite } from './azurite.ts';
import { startIssuer } from './issuer.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

export interface TusRequest {
  readonly headers?: Record<string, string>;
  readonly body?: Uint8Array | ReadableStream<Uint8Array>;
  readonly owner?: string | null;
  /** Without the headers that every tus request has. */
  readonly bare?: boolean;
}

/** The upload functions as the host calls them, over a real store, real event hubs and a real issuer. */
export interface TusService {
  call(method: string, path: string, request?: TusRequest): Promise<Answer>;
  readonly raw: ContainerClient;
  readonly uploads: ContainerClient;
  /** Image ids that were announced on the stream so far, in no particular order. */
  announced(): Promise<string[]>;
  close(): Promise<void>;
}

type Registered = ReadonlyMap<
  string,
  {
    route: Route;
    handler: (r: HttpRequest, c: InvocationContext) => Promise<unknown>;
  }
>;

/** The route for a path; literal segments win over parameters, as in the host. */
function match(routes: Registered, method: string, path: string) {
  const segments = path.split('/');
  const found = [...routes.values()].flatMap(({ route, handler }) => {
    const names = route.path.slice(1).split('/');
    if (!(methodsOf(route) as string[]).includes(method) || names.length !== segments.length) return [];
    const params: Record<string, string> = {};
    const fits = names.every((name, index) => {
      if (!name.startsWith('{')) return name === segments[index];
      params[name.slice(1, -1)] = segments[index]!;
      return true;
    });
    return fits ? [{ handler, params, literal: names.filter((name) => !name.startsWith('{')).length }] : [];
  });
  return found.sort((a, b) => b.literal - a.literal)[0];
}

export async function startTusService(settings: Record<string, string> = {}): Promise<TusService> {
  const directory = await mkdtemp(join(tmpdir(), 'darkroom-tus-'));
  const [{ component: azurite, storage }, issuer, eventHubs] = await Promise.all([
    runAzurite(directory),
    startIssuer(),
    startEventHubs({
      dataDir: join(directory, 'hubs'),
      amqpPort: 0,
      kafkaPort: 0,
      partitions: 2,
      key: 'dGVzdC1rZXk=',
    }),
  ]);
  Object.assign(process.env, {
    DARKROOM_IMAGE_STORAGE: storage,
    DARKROOM_DATABASE: 'postgres://not-used-by-uploads',
    DARKROOM_EVENT_HUBS: eventHubs.connectionString,
    DARKROOM_TOKEN_ISSUER: issuer.url,
    DARKROOM_TOKEN_AUDIENCE: issuer.audience,
    DARKROOM_URL_SIGNING_KEY: Buffer.alloc(32, 1).toString('base64'),
    ...settings,
  });
  const service = blobService(storage);
  const [raw, uploads] = [
    service.getContainerClient(containers.raw),
    service.getContainerClient(containers.uploads),
  ];
  await Promise.all([raw.createIfNotExists(), uploads.createIfNotExists()]);
  await import('../../functions/upload/tus/register.ts');
  const { registeredRoutes } = await import('../../functions/register-route.ts');
  const { composition: parts } = await import('../../functions/composition.ts');

  return {
    raw,
    uploads,
    async call(method, path, { headers = {}, body, owner = 'anna', bare = false } = {}) {
      const found = match(registeredRoutes(), method, path);
      if (found === undefined) return { status: 404, headers: new Headers(), body: 'no such route' };
      const nativeRequest = new Request(`http://localhost/api/${path}`, {
        method,
        headers: {
          ...(bare ? {} : { 'tus-resumable': '1.0.0' }),
          ...(owner === null ? {} : { authorization: `Bearer ${await issuer.token({ oid: owner })}` }),
          ...headers,
        },
        ...(body === undefined ? {} : { body, duplex: 'half' }),
      });
      const request = new HttpRequest({ nativeRequest, params: found.params } as never);
      const context = new InvocationContext({ functionName: path, logHandler: () => undefined });
      const answer = (await found.handler(request, context)) as {
        status?: number;
        headers?: Headers;
        body?: string;
        jsonBody?: unknown;
      };
      return {
        status: answer.status ?? 200,
        headers: new Headers(answer.headers),
        body: answer.body ?? (answer.jsonBody === undefined ? '' : JSON.stringify(answer.jsonBody)),
      };
    },
    async announced() {
      const consumer = new EventHubConsumerClient('$Default', eventHubs.connectionString, hubs.stream);
      const ids: string[] = [];
      for (const partition of await consumer.getPartitionIds()) {
        const { lastEnqueuedSequenceNumber: last, isEmpty } =
          await consumer.getPartitionProperties(partition);
        if (isEmpty) continue;
        await new Promise<void>((resolve, reject) => {
          const subscription = consumer.subscribe(
            partition,
            {
              processEvents: async (events: ReceivedEventData[]) => {
                for (const event of events) {
                  ids.push((event.body as { id?: string }).id ?? String(event.body));
                  if (event.sequenceNumber >= last) {
                    await subscription.close();
                    resolve();
                  }
                }
              },
              processError: (error) => {
                reject(error);
                return Promise.resolve();
              },
            },
            { startPosition: { offset: '-1' } as never },
          );
        });
      }
      await consumer.close();
      return ids;
    },
    async close() {
      await parts.close();
      await Promise.all([azurite.stop(), issuer.close(), eventHubs.stop()]);
      await rm(directory, { recursive: true, force: true });
    },
  };
}
