import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { check, must, mustFail, settings, values } from './check.ts';

/** Runs kcat; what it says on standard error is the error's message. */
function kcat(args: readonly string[], input = '', password = settings.connectionString): string {
  const login = {
    'bootstrap.servers': settings.kafka,
    'security.protocol': 'SASL_PLAINTEXT',
    'sasl.mechanism': 'PLAIN',
    'sasl.username': '$ConnectionString',
    'sasl.password': password,
  };
  const options = Object.entries(login).flatMap(([name, value]) => ['-X', `${name}=${value}`]);
  return execFileSync('kcat', [...options, ...args], {
    input,
    encoding: 'utf8',
    stdio: 'pipe',
    timeout: 30_000,
  });
}

/** Runs kcat with the printed settings in a file, as they are but for the secret. */
function withPrinted(side: 'producer' | 'consumer', args: readonly string[], input = ''): string {
  const directory = mkdtempSync(join(tmpdir(), 'kcat-'));
  const file = join(directory, 'settings');
  const secret = settings.connectionString;
  writeFileSync(
    file,
    `${settings.printed(side, 'librdkafka').replace('${EVENT_HUBS_CONNECTION_STRING}', () => secret)}\n`,
  );
  try {
    return execFileSync('kcat', ['-F', file, ...args], {
      ...{ input, encoding: 'utf8', stdio: 'pipe', timeout: 30_000 },
    });
  } finally {
    rmSync(directory, { recursive: true });
  }
}

const version = /Version (\S+)/.exec(execFileSync('kcat', ['-V'], { encoding: 'utf8' }))?.[1];
console.log(JSON.stringify({ version }));
const produce = (...args: string[]) =>
  kcat(
    ['-P', '-t', settings.hub, '-K:', '-H', 'ce_id=7', ...args],
    values.map((value) => `k:${value}`).join('\n'),
  );

await check('produce', () => Promise.resolve(void produce('-X', 'enable.idempotence=true')));
await check('consume', () => {
  const lines = kcat(['-C', '-t', settings.hub, '-o', 'beginning', '-e', '-q', '-f', '%k:%s;%h\n']).split(
    '\n',
  );
  for (const value of values) must(lines.includes(`k:${value};ce_id=7`), `${value} did not come back`);
  return Promise.resolve();
});
await check('admin', () => {
  must(kcat(['-L']).includes(`topic "${settings.hub}" with 4 partitions`), 'the hub is not listed');
  return Promise.resolve();
});
await check('wrong key', () =>
  mustFail(
    () => Promise.resolve().then(() => kcat(['-L', '-m', '3'], '', settings.wrongConnectionString)),
    /SASL authentication error/,
  ),
);
await check('no gzip', () =>
  mustFail(() => Promise.resolve().then(() => produce('-z', 'gzip')), /Unsupported compression type/i),
);
await check('settings, producer', () =>
  Promise.resolve(void withPrinted('producer', ['-P', '-t', settings.hub], 'printed')),
);
await check('settings, consumer', () => {
  const group = /^group\.id=(.*)$/m.exec(settings.printed('consumer', 'librdkafka'))![1]!;
  const read = withPrinted('consumer', ['-G', group, '-c', '1', '-q', settings.outcomes]);
  must(read.trim() === settings.outcome, `${read} came`);
  return Promise.resolve();
});
