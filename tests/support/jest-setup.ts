import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestComponent } from './component.ts';
import { startCluster, type TestCluster } from './postgres.ts';

interface Run {
  server: Server;
  component: TestComponent | undefined;
}

/**
 * One PostgreSQL for a whole run of jest, started when a test first asks for it. It belongs to jest's own process: when
 * that ends, however it ends, the server does.
 */
export default async function setUp(): Promise<void> {
  const run: Run = { server: createServer(), component: undefined };
  let starting: Promise<TestCluster> | undefined;
  const start = async (): Promise<TestCluster> => {
    const { cluster, component } = await startCluster('--unsynced');
    run.component = component;
    return cluster;
  };
  run.server.on('request', (_request, response) => {
    starting ??= start();
    starting.then(
      (cluster) => response.end(JSON.stringify(cluster)),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((resolve) => run.server.listen(0, '127.0.0.1', resolve));
  process.env['DARKROOM_TEST_POSTGRES'] = `http://127.0.0.1:${(run.server.address() as AddressInfo).port}`;
  Object.assign(globalThis, { darkroomTestRun: run });
}

export async function tearDown(): Promise<void> {
  const { server, component } = (globalThis as unknown as { darkroomTestRun: Run }).darkroomTestRun;
  server.closeAllConnections();
  server.close();
  await component?.stop();
}
