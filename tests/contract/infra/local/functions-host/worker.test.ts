/** What becomes of requests while a worker ends, is exchanged, or does not start. */
import { readFile, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import { rollFunctions } from '../../../../../infra/local/supervisor/roll.ts';
import { eventually } from '../../../../support/eventually.ts';
import { treeOf } from '../../../../support/process-memory.ts';
import { runFixtureHost, type FixtureHost } from '../../../../support/fixture-host.ts';

let running: FixtureHost;

afterEach(() => running.close());

const call = async (path: string, method = 'GET') => {
  const response = await fetch(new URL(path, running.address), { method });
  return { status: response.status, text: await response.text() };
};
const seenWorker = async () =>
  JSON.parse((await call('/api/worker')).text) as { pid: number; slow: readonly number[] };
const workerPid = async () => (await seenWorker()).pid;

/** Requests that take so long, as soon as all of them run in the worker. */
async function slowOnes(count: number, milliseconds: number): Promise<ReturnType<typeof call>[]> {
  const sent = Array.from({ length: count }, () => call(`/api/slow/${milliseconds}`));
  await eventually(async () => {
    const { slow } = await seenWorker();
    return slow.filter((one) => one === milliseconds).length === count ? true : undefined;
  });
  return sent;
}

describe('a worker that crashes', () => {
  test('costs the requests in it a 500 at once; those that come meanwhile wait for the next worker', async () => {
    running = await runFixtureHost();
    const before = await workerPid();
    const inside = await slowOnes(5, 60_000);
    expect((await call('/api/crash', 'POST')).status).toBe(500);
    const meanwhile = Array.from({ length: 5 }, () => call('/api/text'));
    expect((await Promise.all(inside)).map(({ status }) => status)).toEqual(Array(5).fill(500));
    expect((await Promise.all(meanwhile)).map(({ text }) => text)).toEqual(Array(5).fill('text'));
    expect(await workerPid()).not.toBe(before);
  });
});

describe('a function that runs over functionTimeout', () => {
  test('ends with its worker, though it holds the event loop, and the host serves on', async () => {
    running = await runFixtureHost({ hostJson: { functionTimeout: '00:00:02' } });
    const before = await workerPid();
    const [beside] = await slowOnes(1, 60_000);
    expect((await call('/api/overrun')).status).toBe(500);
    expect((await beside!).status).toBe(500);
    expect((await call('/api/text')).text).toBe('text');
    expect(await workerPid()).not.toBe(before);
  });
});

describe('an entry file that cannot be loaded', () => {
  // startApp of azure-functions-nodejs-worker
  test('is a host without the functions that come after the error', async () => {
    running = await runFixtureHost({ environment: { FIXTURE_ENTRY_ERROR: 'broken on purpose' } });
    expect(await running.host.line((line) => line.includes('unable to load the entry file'))).toContain(
      'on purpose',
    );
    expect((await call('/api/none')).status).toBe(404);
  });

  test('stops the host when the app setting says so', async () => {
    const environment = {
      FIXTURE_ENTRY_ERROR: 'broken on purpose',
      FUNCTIONS_NODE_BLOCK_ON_ENTRY_POINT_ERROR: '1',
    };
    await expect(runFixtureHost({ environment })).rejects.toThrow('broken on purpose');
    running = await runFixtureHost();
  });
});

describe('a deployment', () => {
  /** Requests without a pause over kept connections, until told to stop. */
  function load() {
    const statuses: number[] = [];
    const failures: unknown[] = [];
    let stopped = false;
    const client = async () => {
      while (!stopped) {
        try {
          statuses.push((await call(`/api/slow/${statuses.length % 40}`)).status);
        } catch (error) {
          failures.push(error);
        }
      }
    };
    const clients = Array.from({ length: 8 }, client);
    return {
      async end() {
        stopped = true;
        await Promise.all(clients);
        return { statuses, failures };
      },
    };
  }

  /** What a supervisor sees of the host. */
  const supervised = ({ host }: FixtureHost) => ({
    pid: host.child.pid,
    async said<T>(read: (line: string) => T | undefined): Promise<T> {
      const heard = host.lines.length;
      return read(await host.line((line) => host.lines.includes(line, heard) && read(line) !== undefined))!;
    },
  });
  const onlyWorker = () =>
    eventually(() => {
      const [, worker, ...more] = treeOf(running.host.child.pid!);
      return more.length === 0 ? worker : undefined;
    });
  const prepend = async (code: string) => {
    const bundle = `${running.directory}/app.cjs`;
    await writeFile(bundle, `${code}\n${await readFile(bundle, 'utf8')}`);
  };

  // RollingUpdate of Flex Consumption: what runs comes to its end in the old instance.
  test('under load fails no request, and what ran before ends in the old worker', async () => {
    running = await runFixtureHost();
    const before = await workerPid();
    const clients = load();
    const [long] = await slowOnes(1, 3_000);
    for (let release = 1; release <= 3; release += 1) await rollFunctions(supervised(running));
    expect(await long).toEqual({ status: 200, text: 'done' });
    const { statuses, failures } = await clients.end();
    expect(failures).toEqual([]);
    expect(statuses.filter((status) => status !== 200)).toEqual([]);
    expect(statuses.length).toBeGreaterThan(20);
    expect(await workerPid()).not.toBe(before);
  });

  test.each([
    ['that does not load', 'throw new Error("broken on purpose");', /broken on purpose/],
    ['whose process ends while it loads', 'process.exit(9);', /ended with 9/],
    ['with other functions', 'require = () => ({});', /./],
  ])('of a bundle %s is an error, and the old worker serves on alone', async (_title, code, error) => {
    running = await runFixtureHost({ environment: { FUNCTIONS_NODE_BLOCK_ON_ENTRY_POINT_ERROR: '1' } });
    const before = await workerPid();
    await prepend(code);
    await expect(rollFunctions(supervised(running))).rejects.toThrow(error);
    expect(await onlyWorker()).toBe(before);
    expect(await workerPid()).toBe(before);
  });

  test('during which the old worker crashes keeps one worker, and fails no request that came after', async () => {
    running = await runFixtureHost();
    // It loads for a while, so that all of this happens meanwhile.
    await prepend('Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1500);');
    const rolled = rollFunctions(supervised(running));
    await sleep(400);
    expect((await call('/api/crash', 'POST')).status).toBe(500);
    const waiting = Array.from({ length: 5 }, () => call('/api/slow/500'));
    await rolled;
    expect(await Promise.all(waiting)).toEqual(Array(5).fill({ status: 200, text: 'done' }));
    expect(await workerPid()).toBe(await onlyWorker());
  });

  test('of a host that ends, or that does not run, is an error', async () => {
    running = await runFixtureHost();
    await prepend('Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1500);');
    const rolled = rollFunctions(supervised(running));
    running.host.child.kill('SIGKILL');
    await expect(rolled).rejects.toThrow(/ended/);
    await expect(rollFunctions({ ...supervised(running), pid: undefined })).rejects.toThrow(/does not run/);
  });

  test('that stops the host lets running requests end', async () => {
    running = await runFixtureHost();
    const long = await slowOnes(10, 3_000);
    expect(await running.host.stop()).toBe(0);
    expect(await Promise.all(long)).toEqual(Array(10).fill({ status: 200, text: 'done' }));
  });
});

describe('a timer with a retry policy', () => {
  test('is tried as often as it says, under the same invocation id', async () => {
    running = await runFixtureHost({ environment: { FIXTURE_TIMER: '* * * * * *' } });
    await running.host.line((line) => /tried \S+ 2/.test(line));
    const tries = running.host.lines.flatMap(
      (line) => /tried (\S+) (\d)/.exec(line)?.slice(1, 3).join(' ') ?? [],
    );
    const [id] = tries[0]!.split(' ');
    expect(tries.slice(0, 3)).toEqual([`${id} 0`, `${id} 1`, `${id} 2`]);
  });
});
