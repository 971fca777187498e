import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import type { BlockBlobClient, ContainerClient } from '@azure/storage-blob';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { blobService } from '../../../../../shared/platform/blobs/blob-service.ts';
import { runAzurite } from '../../../../support/azurite.ts';
import { seeded } from '../../../../support/random.ts';

/** What a blob holds; undefined when it is not there. */
type State = { readonly text: string; readonly mark: string } | undefined;

/** What was acknowledged last, and what was sent and not acknowledged: the store may have either. */
interface Expectation {
  acknowledged: State;
  sent: State[];
}

const writers = 12;
const rounds = 10;
const random = seeded(11);
let directory: string;
let azurite: Awaited<ReturnType<typeof runAzurite>>;

beforeAll(async () => {
  directory = await mkdtemp(`${tmpdir()}/darkroom-azurite-killed-`);
  azurite = await runAzurite(directory);
}, 60_000);
afterAll(async () => {
  await azurite.component.stop();
  await rm(directory, { recursive: true, force: true });
});

const container = (): ContainerClient => blobService(azurite.storage).getContainerClient('raw');

async function stateOf(blob: BlockBlobClient): Promise<State> {
  if (!(await blob.exists())) return undefined;
  const { metadata } = await blob.getProperties();
  return { text: (await blob.downloadToBuffer()).toString(), mark: metadata?.['mark'] ?? '' };
}

/** One change of a blob, in each of the ways that the pipeline writes. */
async function change(
  blob: BlockBlobClient,
  before: State,
  text: string,
  expectation: Expectation,
): Promise<State> {
  const kind = Math.floor(random() * 4);
  const after: State =
    kind === 0 && before !== undefined
      ? undefined
      : kind === 1 && before !== undefined
        ? { ...before, mark: text }
        : { text, mark: '' };
  expectation.sent.push(after);
  if (after === undefined) await blob.delete();
  else if (after.mark !== '') await blob.setMetadata({ mark: text });
  else if (kind === 2) await blob.upload(text, text.length);
  else {
    const ids = [0, 1].map((n) => Buffer.from(`block-${n}`).toString('base64'));
    const half = text.length >> 1;
    await blob.stageBlock(ids[0]!, text.slice(0, half), half);
    await blob.stageBlock(ids[1]!, text.slice(half), text.length - half);
    await blob.commitBlockList(ids);
  }
  return after;
}

test('what Azurite acknowledged is there after SIGKILL, again and again', async () => {
  const expected = new Map<string, Expectation>();
  let acknowledged = 0;

  async function write(writer: number, round: number, isOver: () => boolean): Promise<void> {
    for (let turn = 0; !isOver(); turn += 1) {
      const name = `blob-${writer}-${turn % 7}`;
      const expectation = expected.get(name) ?? { acknowledged: undefined, sent: [] };
      expected.set(name, expectation);
      try {
        const blob = container().getBlockBlobClient(name);
        const text = `round ${round} writer ${writer} turn ${turn}`;
        expectation.acknowledged = await change(blob, expectation.acknowledged, text, expectation);
        expectation.sent = [];
        acknowledged += 1;
      } catch {
        return;
      }
    }
  }

  for (let round = 0; round < rounds; round += 1) {
    let over = false;
    const writing = Array.from({ length: writers }, (_, writer) => write(writer, round, () => over));
    const enough = acknowledged + 50 + random() * 20;
    while (acknowledged < enough) await wait(1);
    await azurite.component.stop('SIGKILL');
    over = true;
    azurite = await azurite.again();
    await Promise.all(writing);
    for (const [name, expectation] of expected) {
      const state = await stateOf(container().getBlockBlobClient(name));
      const possible = [expectation.acknowledged, ...expectation.sent];
      expect([name, possible]).toEqual([name, expect.arrayContaining([state])]);
      Object.assign(expectation, { acknowledged: state, sent: [] });
    }
  }
  expect(acknowledged).toBeGreaterThanOrEqual(500);
}, 300_000);
