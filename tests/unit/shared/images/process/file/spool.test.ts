import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { diskFailure } from '../../../../../../shared/images/process/file/failures.ts';
import {
  makeSpool,
  removeLeftovers,
  requireRoom,
  type Spool,
} from '../../../../../../shared/images/process/file/spool.ts';
import { missingFullDisk, missingRoot, testUnless } from '../../../../../support/skip-unless.ts';

let spool: Spool | undefined;
afterEach(() => spool?.close());

function open(workers?: number): { spool: Spool; parent: string } {
  const parent = mkdtempSync(join(tmpdir(), 'darkroom-spool-test-'));
  spool = makeSpool({ parent, ...(workers && { workers }) });
  return { spool, parent };
}
const never = new AbortController().signal;
const filesIn = (parent: string): string[] =>
  readdirSync(parent, { recursive: true })
    .filter((name) => statSync(join(parent, String(name))).isFile())
    .map(String);

async function* pieces(...texts: string[]): AsyncIterable<Uint8Array> {
  for (const text of texts) yield Promise.resolve(Buffer.from(text));
}
const unread = (size: number, ...texts: string[]) => ({
  size,
  open: () => Promise.resolve(pieces(...texts)),
});

test('gives the bytes in a file that nobody else may read, and that is gone afterwards', async () => {
  const { spool, parent } = open();
  const path = await spool.use(unread(6, 'abc', 'def'), never, (path) => {
    expect(readFileSync(path, 'utf8')).toBe('abcdef');
    expect([statSync(path).mode & 0o077, statSync(dirname(path)).mode & 0o077]).toEqual([0, 0]);
    return Promise.resolve(path);
  });
  expect(existsSync(path)).toBe(false);
  await spool.close();
  expect(readdirSync(parent)).toEqual([]);
});

test('leaves nothing of one that fails, is given up, or is not read to its end', async () => {
  const { spool, parent } = open();
  const fail = () => Promise.reject(new Error('no'));
  await expect(spool.use(Buffer.from('a'), never, fail)).rejects.toThrow('no');
  const ended = AbortSignal.abort(new Error('given up'));
  await expect(spool.use(Buffer.from('a'), ended, fail)).rejects.toThrow('given up');
  for (const size of [5, 7])
    await expect(spool.use(unread(size, 'abc', 'def'), never, fail)).rejects.toMatchObject({
      code: 'unavailable',
    });
  expect(filesIn(parent)).toEqual([]);
});

test.each([
  [1, 2],
  [2, 3],
])('has %i large files at a time with %i workers, and small ones beside them', async (atOnce, workers) => {
  const { spool, parent } = open(workers);
  const large = {
    size: 65 * 2 ** 20,
    open: () => Promise.resolve(pieces(...Array<string>(65).fill('x'.repeat(2 ** 20)))),
  };
  const full = Promise.withResolvers<undefined>();
  let [inWork, most] = [0, 0];
  const look = async (path: string) => {
    if (++inWork === atOnce) full.resolve(undefined);
    await full.promise;
    most = Math.max(most, filesIn(parent).filter((name) => statSync(join(parent, name)).size > 5).length);
    return spool.use(Buffer.from('small'), never, () => Promise.resolve(existsSync(path)));
  };
  expect(await Promise.all([1, 2, 3].map(() => spool.use(large, never, look)))).toEqual([true, true, true]);
  expect(most).toBe(atOnce);
});

test('leaves the files of another one in the same process alone', async () => {
  const { spool, parent } = open();
  const other = makeSpool({ parent });
  const both = spool.use(Buffer.from('a'), never, (path) =>
    other.use(Buffer.from('b'), never, () => Promise.resolve(existsSync(path))),
  );
  expect(await both).toBe(true);
  await other.close();
});

/** A folder as a process of this number has it, with an image. */
function leave(parent: string, pid: number | undefined): void {
  const folder = join(parent, `darkroom-images-${pid}-abc`);
  mkdirSync(folder, { mode: 0o700 });
  writeFileSync(join(folder, '0'), 'an image');
}

async function endedProcess(): Promise<number> {
  const gone = spawn(process.execPath, ['-e', '0']);
  await once(gone, 'exit');
  return gone.pid!;
}

test('removes what a process that was killed left, and nothing of one that runs', async () => {
  const { parent } = open();
  for (const pid of [await endedProcess(), process.pid, process.ppid]) leave(parent, pid);
  removeLeftovers(parent);
  expect(filesIn(parent)).toEqual([`darkroom-images-${process.ppid}-abc/0`]);
});

testUnless(missingRoot)('is not stopped by what another user left', async () => {
  const { spool, parent } = open();
  leave(parent, await endedProcess());
  chmodSync(parent, 0o1777);
  process.seteuid!(65_534);
  try {
    expect(await spool.use(Buffer.from('a'), never, () => Promise.resolve('used'))).toBe('used');
  } finally {
    process.seteuid!(0);
  }
});

test('says that the disk is at fault where there is none', async () => {
  const broken = makeSpool({ parent: '/dev/null/nowhere' });
  await expect(broken.use(Buffer.from('a'), never, () => Promise.resolve())).rejects.toMatchObject({
    code: 'unavailable',
    retryable: true,
  });
  expect(await broken.hasRoom()).toBe(false);
  await broken.close();
  expect(await open().spool.hasRoom()).toBe(true);
});

testUnless(missingFullDisk)('a full disk has words of its own', () => {
  expect.assertions(1);
  try {
    writeFileSync('/dev/full', 'a');
  } catch (error) {
    expect(diskFailure(error)).toMatchObject({ code: 'storage-full', retryable: true });
  }
});

test('a disk that is smaller than what may be on it at once is refused, with the arithmetic', () => {
  expect(() => requireRoom(1_000, 2)).not.toThrow();
  expect(() => requireRoom(2 ** 50, 3)).toThrow(
    /2 of 1125899906842624 bytes \(DARKROOM_MAX_IMAGE_BYTES\) and 4 of 67108864 are 2251800082120704 bytes, and it has \d+/,
  );
});
