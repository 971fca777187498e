/**
 * `npm run fuzz [-- --short] [--seed S] [--records N]`: a running stack is given records and requests of every length and kind,
 * the same for one seed. Prints inputs, answers by class, restarts and memory; exits 1 when a record is lost, a partition
 * stands still, something answers 500, nothing, or not in the product's form, or a process had to be started again. `npm run fuzz -- --decoders --minutes N` gives hostile
 * images to the decoders alone.
 */
import { parseArgs } from 'node:util';
import pg from 'pg';
import { hubs } from '../../shared/stream/hubs.ts';
import { startTestStack } from '../pipeline/support/stack.ts';
import { eventually } from '../support/eventually.ts';
import { readHub } from '../support/hub-reader.ts';
import { peakMegabytes, residentMegabytes } from '../support/process-memory.ts';
import { seeded } from '../support/random.ts';
import { sampleImage } from '../support/sample-images.ts';
import { produceByAmqp, produceByKafka } from './produce.ts';
import { fuzzRecords, type FuzzRecord } from './records.ts';
import { requestHttp } from './requests.ts';
import { endsOf } from './settled.ts';

const { values } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    seed: { type: 'string', default: '20261129' },
    records: { type: 'string' },
    decoders: { type: 'boolean', default: false },
    minutes: { type: 'string' },
  },
});
if (values.decoders) {
  const { fuzzDecoders } = await import('./decoders.ts');
  process.exit(await fuzzDecoders(Number(values.minutes ?? 1), Number(values.seed)));
}

const records = Number(values.records ?? (values.short ? 400 : 10_000));
const counts = {
  kafka: records,
  amqp: Math.ceil(records / 5),
  http: records,
  tus: Math.ceil(records / 2),
};
const random = seeded(Number(values.seed));
const image = await sampleImage('png', 16, 12);
const tallies = new Map<string, Map<string, number>>();
const tallyOf = (kind: string) => {
  const own = new Map<string, number>();
  tallies.set(kind, own);
  return (name: string): void => void own.set(name, (own.get(name) ?? 0) + 1);
};
function* first(count: number): Generator<FuzzRecord> {
  const all = fuzzRecords(random, image);
  for (let index = 0; index < count; index += 1) yield all.next().value as FuzzRecord;
}

/** The host starts its worker again by itself, and says so. */
const workerEnds = /Language Worker Process exited|Restarting worker process/;
let restarts = 0;
const stack = await startTestStack({
  onLine: (component, line) => void (restarts += component === 'functions' && workerEnds.test(line) ? 1 : 0),
});
const parts = ['functions', 'event-hubs', 'azurite'] as const;
const pids = () => parts.map((part) => stack.pid(part)).join();
const before = { pids: pids(), megabytes: residentMegabytes(stack.pid('functions')!) };
const database = new pg.Client(stack.databaseOwner());
await database.connect();
const [stream, deadLetters] = [hubs.stream, hubs.deadLetter].map((hub) => readHub(stack.endpoints.hubs, hub));
const started = performance.now();
console.log(
  `fuzz: seed ${values.seed}; ${Object.entries(counts)
    .map(([kind, count]) => `${count} ${kind}`)
    .join(', ')}`,
);

const tokens = await Promise.all(
  ['uploader', 'logistics', 'sales', 'analytics', 'engineering'].map((persona) => stack.token(persona)),
);
const asked = { random, image, tokens };
const accepted =
  (await produceByKafka(stack, first(counts.kafka), tallyOf('kafka'))) +
  (await produceByAmqp(stack, random, first(counts.amqp), tallyOf('amqp')));
await requestHttp(stack, 'http', { ...asked, count: counts.http, tally: tallyOf('http') });
await requestHttp(stack, 'tus', { ...asked, count: counts.tus, tally: tallyOf('tus') });

const waiting = async (): Promise<number> => {
  const answer = await stack.call('engineering', '/operations/stream');
  const { groups } = (await answer.json()) as { groups: { events: number | null }[] };
  return groups.reduce((sum, { events }) => sum + (events ?? 1), 0);
};
const patience = { within: 30 * 60_000, every: 2_000 };
await eventually(async () => ((await waiting()) === 0 ? true : undefined), patience);
await eventually(() => (stream!.records.length >= accepted ? true : undefined), patience);
// Chunk sets that were never whole have their end now.
stack.moveClock(20 * 60_000);
await stack.runTimer('streamTimer');
await eventually(async () => ((await waiting()) === 0 ? true : undefined), patience);
const settle = async () => {
  const found = await endsOf(database, stream!.records, deadLetters!.records);
  return found.lost.length === 0 ? found : undefined;
};
const { ends, lost } = await eventually(settle, { within: 60_000, every: 1_000 }).catch(() =>
  endsOf(database, stream!.records, deadLetters!.records),
);

const shown = (tally: ReadonlyMap<string, number>): string =>
  [...tally]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');
for (const [kind, tally] of tallies) console.log(`  ${kind.padEnd(8)}${shown(tally)}`);
console.log(`  records ${stream!.records.length} in the hub: ${shown(ends)}`);
for (const { partition, offset, headers, value, key } of lost.slice(0, 10)) {
  console.log(
    `    lost: ${partition}/${offset}, key ${key?.length ?? 'none'}, ${value.byteLength} bytes, headers ${Object.keys(headers).join()}`,
  );
}
if (before.pids !== pids()) restarts += 1;
const functions = stack.pid('functions')!;
const wrong = [...tallies.values()]
  .flatMap((tally) => [...tally.keys()])
  .filter((name) => name.startsWith('WRONG'));
console.log(
  `  restarts ${restarts}; memory of the functions host ${before.megabytes} MB at the start, ${residentMegabytes(functions)} MB at the end, ${peakMegabytes(functions)} MB at most`,
);
console.log(
  `fuzz: ${Math.round((performance.now() - started) / 1_000)} s, ${lost.length} records lost, ${wrong.length} kinds of wrong answers`,
);
await Promise.all([stream!.close(), deadLetters!.close(), database.end()]);
await stack.stop();
process.exit(restarts + lost.length + wrong.length === 0 ? 0 : 1);
