import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startAccounts } from './azurite.ts';
import type { TestComponent } from './component.ts';
import { startCluster } from './postgres.ts';

interface Run {
  server: Server;
  /** Those that were started, or are starting still when the tests are over already. */
  started: Promise<{ component: TestComponent }>[];
}

/**
 * One PostgreSQL and one Azurite for a whole run of jest, started when a test first asks for them. They belong to jest's own
 * process: when that ends, however it ends, they do.
 */
export default async function setUp(): Promise<void> {
  const run: Run = { server: createServer(), started: [] };
  const once = <T extends { component: TestComponent }>(start: () => Promise<T>): (() => Promise<T>) => {
    let started: Promise<T> | undefined;
    return () => {
      if (started === undefined) {
        started = start();
        run.started.push(started);
      }
      return started;
    };
  };
  const cluster = once(() => startCluster('--unsynced'));
  const azurite = once(startAccounts);
  const offered: Readonly<Record<string, () => Promise<unknown>>> = {
    '/cluster': async () => (await cluster()).cluster,
    '/accounts': async () => (await azurite()).next(),
  };
  run.server.on('request', ({ url }, response) => {
    offered[url!]!().then(
      (found) => response.end(JSON.stringify(found)),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((resolve) => run.server.listen(0, '127.0.0.1', resolve));
  process.env['DARKROOM_TEST_RUN'] = `http://127.0.0.1:${(run.server.address() as AddressInfo).port}`;
  Object.assign(globalThis, { darkroomTestRun: run });
}

export async function tearDown(): Promise<void> {
  const { server, started } = (globalThis as unknown as { darkroomTestRun: Run }).darkroomTestRun;
  server.closeAllConnections();
  server.close();
  await Promise.allSettled(started.map(async (one) => (await one).component.stop()));
}
