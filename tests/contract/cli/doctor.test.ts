import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { stateMode } from '../../../infra/local/supervisor/state.ts';
import { defaultPorts } from '../../../infra/local/supervisor/ports.ts';

let home: string;
let occupant: Server;
let offset: number;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'doctor-'));
  chmodSync(home, 0o700);
  occupant = createServer();
  await new Promise<void>((done) => occupant.listen(0, '127.0.0.1', done));
  offset = (occupant.address() as AddressInfo).port - defaultPorts.api;
});
afterAll(async () => {
  await new Promise((done) => occupant.close(done));
  rmSync(home, { recursive: true });
});

async function doctor(stateDir: string, ...words: string[]) {
  const env = { ...process.env, DARKROOM_HOME: stateDir, NODE_OPTIONS: '' };
  const run = promisify(execFile)(process.execPath, ['cli/darkroom.mjs', 'doctor', '--json', ...words], {
    env,
  });
  const { stdout, code } = await run.then(
    ({ stdout: out }) => ({ stdout: out, code: 0 }),
    (error: unknown) => error as { stdout: string; code: number },
  );
  const { checks } = JSON.parse(stdout) as { checks: { name: string; ok: boolean; says: string }[] };
  return { code, checks: Object.fromEntries(checks.map((check) => [check.name, check])) };
}

describe('npx darkroom doctor', () => {
  test('finds nothing wrong with what is right, and ends with 1 for a port that is taken, which it names', async () => {
    const { code, checks } = await doctor(home, '--port-offset', String(offset));
    expect(code).toBe(1);
    expect(Object.values(checks).filter(({ ok }) => !ok)).toEqual([
      {
        name: 'ports',
        ok: false,
        says: expect.stringContaining(`Port ${defaultPorts.api + offset} (api)`),
      },
    ]);
  });

  test('says that others may read what is kept, and how to end that', async () => {
    chmodSync(home, 0o755);
    const { checks } = await doctor(home);
    expect(checks['state']).toMatchObject({
      ok: false,
      says: expect.stringContaining(`chmod ${stateMode.toString(8)} ${home}`),
    });
    chmodSync(home, 0o700);
  });

  test('says that a place cannot be written', async () => {
    const { code, checks } = await doctor('/proc/darkroom');
    expect(code).toBe(1);
    expect(checks['state']).toMatchObject({ ok: false });
  });
});
