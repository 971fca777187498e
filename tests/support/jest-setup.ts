import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestPart } from './part.ts';
import { startCluster, type TestCluster } from './postgres.ts';

interface Run {
  server: Server;
  part: TestPart | undefined;
}

/**
 * One PostgreSQL for a whole run of jest, started when a test first asks for it. It belongs to jest's own process: when
 * that ends, however it ends, the server does.
 */
export default async function setUp(): Promise<void> {
  const run: Run = { server: createServer(), part: undefined };
  let starting: Promise<TestCluster> | undefined;
  const start = async (): Promise<TestCluster> => {
    const { cluster, part } = await startCluster();
    run.part = part;
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
  const { server, part } = (globalThis as unknown as { darkroomTestRun: Run }).darkroomTestRun;
  server.closeAllConnections();
  server.close();
  await part?.stop();
}
