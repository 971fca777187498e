import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { day, hour } from '../../../../../../shared/platform/clock.ts';
import {
  openCheckpoint,
  signCheckpoint,
} from '../../../../../../shared/images/erase/ledger/checkpoint-note.ts';
import { erasedLeaf, receivedLeaf } from '../../../../../../shared/images/erase/ledger/leaf.ts';
import { rootOf } from '../../../../../../shared/images/erase/ledger/merkle.ts';
import { checkAgainst, monitorLedger } from '../../../../../../shared/images/erase/ledger/monitor.ts';
import { makeNoteKey, noteSigner } from '../../../../../../shared/images/erase/ledger/signed-note.ts';
import {
  addTiles,
  entriesPath,
  firstUnfinished,
  hashesOf,
} from '../../../../../../shared/images/erase/ledger/tiles.ts';
import { memoryFiles } from '../../../../../support/memory-files.ts';

const signer = noteSigner(makeNoteKey('example.org/log'));
const start = Date.parse('2026-01-01T00:00:00.000Z');
const at = (milliseconds: number): string => new Date(start + milliseconds).toISOString();
const commitmentOf = (image: number): string => createHash('sha256').update(String(image)).digest('hex');
const due = (image: number): string => at(image * 1000 + 7 * day);
const received = (image: number) => Buffer.from(receivedLeaf(commitmentOf(image), due(image)));
const erased = (image: number, lateBy: number) =>
  Buffer.from(
    erasedLeaf({
      ...{ kind: 'retention', commitment: commitmentOf(image), dueAt: due(image), imageDigest: '' },
      ...{ erasedAt: at(image * 1000 + 7 * day + lateBy), uploadedAt: at(image * 1000) },
      ...{ salt: '', blobs: 1, bytes: 1, lakeRows: 0 },
    }),
  );

async function publish(
  files: ReturnType<typeof memoryFiles>,
  leaves: readonly Buffer[],
  old: number,
): Promise<string> {
  const size = leaves.length;
  await addTiles(files, { old, size, leaves: leaves.slice(firstUnfinished(old)) });
  return signCheckpoint({ size, root: await rootOf(hashesOf(files, size), 0, size) }, signer);
}

describe('a monitor with the public files alone', () => {
  const images = 100_000;
  /** Fifty of all, spread by a factor that has no divisor in common with their number. */
  const omitted = new Set(Array.from({ length: 50 }, (_, at_) => (at_ * 7_919 + 13) % images));
  const late = 4_711;
  const files = memoryFiles();
  const leaves: Buffer[] = [];
  const now = new Date(start + images * 1000 + 7 * day + 2 * hour);
  let [first, note] = ['', ''];
  beforeAll(async () => {
    for (let image = 0; image < images; image += 1) leaves.push(received(image));
    first = await publish(files, leaves, 0);
    for (let image = 0; image < images; image += 1) {
      if (!omitted.has(image)) leaves.push(erased(image, image === late ? 2 * hour : 5 * 60_000));
    }
    note = await publish(files, leaves, images);
  });

  test('names each of 50 omissions among 100,000, and one that was late', async () => {
    const { omissions, ...counts } = await monitorLedger(files, note, { verifier: signer, now });
    expect(counts).toEqual({ size: 2 * images - 50, received: images, erased: images - 50, open: 0 });
    const never = omissions.filter((one) => one.erased === undefined).map(({ commitment }) => commitment);
    expect(new Set(never)).toEqual(new Set([...omitted].map(commitmentOf)));
    expect(omissions.filter((one) => one.erased !== undefined)).toEqual([
      { commitment: commitmentOf(late), due: due(late), erased: at(late * 1000 + 7 * day + 2 * hour) },
    ]);
  });

  test('takes what is not due yet for no omission', async () => {
    const report = await monitorLedger(files, first, { verifier: signer, now: new Date(start + 7 * day) });
    expect(report).toMatchObject({ received: images, erased: 0, open: images, omissions: [] });
  });

  test('refuses files that are not those of the checkpoint', async () => {
    const changed = new Map(files.files);
    const bundle = Buffer.from(changed.get(entriesPath(7, 256))!);
    bundle[bundle.length - 3]! ^= 1;
    changed.set(entriesPath(7, 256), bundle);
    const read = (path: string) => Promise.resolve(changed.get(path));
    await expect(monitorLedger({ read }, note, { verifier: signer, now })).rejects.toThrow();
    changed.delete(entriesPath(7, 256));
    await expect(monitorLedger({ read }, note, { verifier: signer, now })).rejects.toThrow('has no file');
  });

  test('proves that a log continues an older one, and finds one that does not', async () => {
    const [old, head] = [openCheckpoint(first, signer), openCheckpoint(note, signer)];
    await checkAgainst(files, { head, old });
    const other = memoryFiles();
    const rewritten = [received(images), ...leaves.slice(1)];
    const forked = openCheckpoint(await publish(other, rewritten, 0), signer);
    await expect(checkAgainst(other, { head: forked, old })).rejects.toThrow('not a continuation');
    await expect(checkAgainst(files, { head: old, old: head })).rejects.toThrow('fewer entries');
  });
});
