import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { signCheckpoint } from '../../../../../../shared/images/erase/ledger/checkpoint-note.ts';
import {
  growingTree,
  leafHash,
  nodeHash,
  proveConsistency,
  proveInclusion,
  type ReadHash,
} from '../../../../../../shared/images/erase/ledger/merkle.ts';
import { makeNoteKey, noteSigner } from '../../../../../../shared/images/erase/ledger/signed-note.ts';
import { suiteUnless } from '../../../../../support/skip-unless.ts';

/** Debian's golang-go and golang-golang-x-mod-dev: the code that checks Go's own checksum database. */
const library = '/usr/share/gocode/src/golang.org/x/mod/sumdb/tlog';
const missing =
  spawnSync('go', ['version']).status !== 0
    ? 'no Go here (apt: golang-go)'
    : existsSync(library)
      ? undefined
      : 'no golang.org/x/mod here (apt: golang-golang-x-mod-dev)';

const leafOf = (index: number): Buffer => Buffer.from(`entry ${index}\n`);
const readHash: ReadHash = async (level, index) =>
  level === 0
    ? leafHash(leafOf(index))
    : nodeHash(await readHash(level - 1, 2 * index), await readHash(level - 1, 2 * index + 1));

function rootAt(size: number): Buffer {
  const tree = growingTree();
  for (let index = 0; index < size; index += 1) tree.add(leafOf(index));
  return tree.root();
}

suiteUnless(missing)("the Go team's verifier of transparency logs", () => {
  const signer = noteSigner(makeNoteKey('darkroom.example/ledger'));
  let directory: string;
  let program: string;

  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'tlog-'));
    program = join(directory, 'verifier');
    const env = {
      ...process.env,
      GO111MODULE: 'off',
      GOPATH: '/usr/share/gocode',
      GOCACHE: join(directory, 'cache'),
    };
    execFileSync('go', ['build', '-o', program, 'tests/support/tlog-verifier/main.go'], { env });
  }, 180_000);
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  async function caseOf({ older, size, index }: { older: number; size: number; index: number }) {
    const base64 = (hashes: readonly Buffer[]) => hashes.map((hash) => hash.toString('base64'));
    return {
      Key: signer.key,
      Checkpoint: signCheckpoint({ size, root: rootAt(size) }, signer),
      Older: signCheckpoint({ size: older, root: rootAt(older) }, signer),
      Leaf: leafOf(index).toString('base64'),
      Index: index,
      Inclusion: base64(await proveInclusion(readHash, index, size)),
      Consistency: base64(await proveConsistency(readHash, older, size)),
    };
  }
  const verdict = (given: object): string =>
    spawnSync(program, { input: JSON.stringify(given), encoding: 'utf8' }).stdout.trim();

  test.each([
    { older: 1, size: 1, index: 0 },
    { older: 1, size: 2, index: 1 },
    { older: 3, size: 7, index: 6 },
    { older: 4, size: 8, index: 3 },
    { older: 255, size: 256, index: 255 },
    { older: 256, size: 257, index: 256 },
    { older: 300, size: 777, index: 511 },
  ])('accepts checkpoint, inclusion and consistency of %j', async (sizes) => {
    expect(verdict(await caseOf(sizes))).toBe('accepted');
  });

  test('refuses another leaf, another history and another signature', async () => {
    const right = await caseOf({ older: 300, size: 777, index: 511 });
    const other = noteSigner(makeNoteKey('darkroom.example/ledger'));
    expect(verdict({ ...right, Leaf: leafOf(512).toString('base64') })).toMatch(/mismatch|invalid/);
    const forged = signCheckpoint({ size: 300, root: rootAt(299) }, signer);
    expect(verdict({ ...right, Older: forged })).toMatch(/mismatch|invalid/);
    expect(
      verdict({ ...right, Checkpoint: signCheckpoint({ size: 777, root: rootAt(777) }, other) }),
    ).toMatch(/signature/);
  });
});
