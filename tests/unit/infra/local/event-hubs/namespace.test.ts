import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { Namespace } from '../../../../../infra/local/event-hubs/namespace.ts';
import { hubs } from '../../../../../shared/stream/hubs.ts';

test('a hub was created when it was first opened, also after a restart', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'namespace-'));
  const openAt = (time: number) =>
    Namespace.open({ dataDir, partitions: 1, clock: { now: () => new Date(time) } });
  const first = await openAt(Date.UTC(2026, 0, 1));
  await first.close();
  const second = await openAt(Date.UTC(2026, 5, 1));
  expect(second.hub(hubs.stream)!.createdAt).toEqual(new Date(Date.UTC(2026, 0, 1)));
  await second.close();
  await rm(dataDir, { recursive: true, force: true });
});
