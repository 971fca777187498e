import { chmodSync, mkdirSync, mkdtempSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { makeStateFolders } from '../../../../../infra/local/supervisor/state.ts';

test('what is kept is for its owner only, also what an older stack left open', () => {
  const stateDir = mkdtempSync(join(tmpdir(), 'darkroom-state-'));
  mkdirSync(join(stateDir, 'logs'));
  for (const open of [stateDir, join(stateDir, 'logs')]) chmodSync(open, 0o755);
  makeStateFolders(stateDir);
  const modeOf = (path: string): number => statSync(path).mode & 0o777;
  // Where root starts it, the database's account passes through.
  expect(modeOf(stateDir) & 0o066).toBe(0);
  for (const name of ['azurite', 'event-hubs', 'identity', 'logs'])
    expect(modeOf(join(stateDir, name))).toBe(0o700);
});
