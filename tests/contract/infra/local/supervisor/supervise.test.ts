import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { checkPorts, shiftedPorts } from '../../../../../infra/local/supervisor/ports.ts';
import { supervise } from '../../../../../infra/local/supervisor/supervise.ts';
import { eventually } from '../../../../support/eventually.ts';

let directory: string;
let script: string;

beforeAll(async () => {
  directory = await mkdtemp(`${tmpdir()}/darkroom-supervise-`);
  script = `${directory}/component.mjs`;
  await writeFile(
    script,
    `if (process.argv[2] === 'broken') { console.error('cannot read its data'); process.exit(3); }
     setInterval(() => {}, 1000);
     process.stdout.write(JSON.stringify({ event: 'listening', pid: process.pid }) + '\\n');`,
  );
});

afterAll(() => rm(directory, { recursive: true, force: true }));

const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

test('a component that dies is started again, one that is stopped is not', async () => {
  const lines: string[] = [];
  const component = supervise({ name: 'sample', script, arguments: [] }, (_name, line) => lines.push(line));
  const { pid: first } = await component.listening();
  await component.kill('SIGKILL');
  const { pid: second } = await component.listening();
  expect(second).not.toBe(first);
  await component.stop();
  expect(isAlive(Number(second))).toBe(false);
  expect(component.pid).toBeUndefined();
  expect(lines.filter((line) => line.includes('starting again'))).toHaveLength(1);
});

test('who waits for a line of a component is told when that process ends', async () => {
  const component = supervise({ name: 'sample', script, arguments: [] }, () => undefined);
  const begun = component.said((line) => /"pid":(\d+)/.exec(line)?.[1]);
  const { pid } = await component.listening();
  expect(Number(await begun)).toBe(pid);
  const never = expect(component.said(() => undefined)).rejects.toThrow('sample ended with SIGKILL.');
  await component.kill('SIGKILL');
  await never;
  await component.stop();
});

test('a component that does not start says why', async () => {
  const component = supervise({ name: 'sample', script, arguments: ['broken'] }, () => undefined);
  await expect(component.listening()).rejects.toThrow(
    /sample ended with 3 before it was ready[^]*cannot read its data/,
  );
});

test('a component ends by itself when its supervisor is killed', async () => {
  const supervisor = `${directory}/supervisor.ts`;
  const module = new URL('../../../../../infra/local/supervisor/supervise.ts', import.meta.url).href;
  await writeFile(
    supervisor,
    `import { supervise } from ${JSON.stringify(module)};
     const component = supervise({ name: 'sample', script: ${JSON.stringify(script)}, arguments: [] }, () => undefined);
     console.log(JSON.stringify(await component.listening()));`,
  );
  const child = spawn(process.execPath, [supervisor], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  const { pid } = JSON.parse(line) as { pid: number };
  expect(isAlive(pid)).toBe(true);
  child.kill('SIGKILL');
  await eventually(() => (isAlive(pid) ? undefined : true));
});

test('a port that is taken is named, with the option that moves it', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await expect(checkPorts({ ...shiftedPorts(0), api: port })).rejects.toThrow(
    new RegExp(`Port ${port} \\(api\\) is taken .*--port-offset`),
  );
  server.close();
});

test('npm start explains itself', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['infra/local/start.ts', '--help']);
  for (const option of ['--once', '--images', '--fresh', '--verbose', '--port-offset']) {
    expect(stdout).toContain(option);
  }
});
