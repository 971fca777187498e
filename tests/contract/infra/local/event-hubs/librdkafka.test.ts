import { spawn } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { hubs, partitionsOf } from '../../../../../shared/stream/hubs.ts';
import { describeWith, key, librdkafka, python, receive, startTemporary } from './support.ts';

let eventHubs: Awaited<ReturnType<typeof startTemporary>>;
beforeAll(async () => {
  eventHubs = await startTemporary();
});
afterAll(() => eventHubs.stop());

async function run(
  command: string,
  args: readonly string[],
  input = '',
): Promise<{ out: string; code: number }> {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  const chunks: Buffer[] = [];
  const errors: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
  child.stdin.end(input);
  const code = await new Promise<number>((resolve) => child.once('close', (ended) => resolve(ended ?? -1)));
  return { out: Buffer.concat([...chunks, ...errors]).toString(), code };
}

const settings = (accessKey = key): string[] =>
  Object.entries(librdkafka(eventHubs.kafkaPort, accessKey)).flatMap(([name, value]) => [
    '-X',
    `${name}=${value}`,
  ]);
const kcat = (args: readonly string[], input = '') => run('kcat', [...settings(), ...args], input);

describeWith('kcat', 'kcat', () => {
  test('lists hubs and partitions', async () => {
    const { out, code } = await kcat(['-L']);
    expect(code).toBe(0);
    for (const hub of Object.values(hubs))
      expect(out).toContain(`topic "${hub}" with ${partitionsOf(hub, 4)} partitions`);
  });

  test.each([[[]], [['-X', 'enable.idempotence=true']]])(
    'produces with %j and consumes it again',
    async (extra: string[]) => {
      const lines = Array.from({ length: 200 }, (_, index) => `key-${index}:value ${index} ${extra.join()}`);
      const sent = await kcat(['-P', '-t', hubs.stream, '-K:', '-H', 'ce_id=1', ...extra], lines.join('\n'));
      expect(sent).toEqual({ out: '', code: 0 });
      const read = await kcat(['-C', '-t', hubs.stream, '-o', 'beginning', '-e', '-q', '-f', '%k:%s;%h\n']);
      const found = read.out.split('\n').filter((line) => line.includes(` ${extra.join()};`));
      expect(found.sort()).toEqual(expect.arrayContaining(lines.map((line) => `${line};ce_id=1`).sort()));
    },
  );

  test('is told that its password is wrong', async () => {
    const { out, code } = await run('kcat', [
      '-L',
      '-m',
      '2',
      ...settings(Buffer.from('no').toString('base64')),
    ]);
    expect(code).not.toBe(0);
    expect(out).toContain('SASL authentication error');
  });
});

const script = `
import json, sys
from confluent_kafka import Producer
config = json.loads(sys.argv[1])
producer = Producer(config)
results = []
def delivered(error, message):
    results.append(error.name() if error else 'OK')
def send(value):
    producer.produce('${hubs.deadLetter}', value, key=b'k', headers={'ce_id': '7', 'bin': b'\\x00\\xff'}, callback=delivered)
    producer.flush()
send(b'a' * 1000000)
send(b'a' * 1048577)
print(json.dumps(results))
`;

describeWith('python3-confluent-kafka', 'confluent-kafka for Python', () => {
  test('sends a million bytes with headers, and is told when it is over 1 MiB', async () => {
    const config = { ...librdkafka(eventHubs.kafkaPort), 'message.max.bytes': 2_000_000 };
    const { out } = await run(python, ['-c', script, JSON.stringify(config)]);
    expect(JSON.parse(out)).toEqual(['OK', 'MSG_SIZE_TOO_LARGE']);
    const [event] = await receive(eventHubs.connectionString, hubs.deadLetter, 1);
    expect((event!.body as Buffer).length).toBe(1_000_000);
    expect(event!.getRawAmqpMessage().applicationProperties).toEqual({
      ce_id: Buffer.from('7'),
      bin: Buffer.from([0, 255]),
    });
  });
});
