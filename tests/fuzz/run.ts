/**
 * `npm run fuzz [-- --short] [--seed S] [--records N] [--rounds N]`: a running stack is given records and requests of every length
 * and kind, the same for one seed, in rounds. Prints inputs, answers by class, restarts, and memory after each round; exits 1 when a
 * record is lost, a partition stands still, something answers 500, nothing, or not in the product's form, a process had to be
 * started again, or memory grows from round to round. `npm run fuzz -- --decoders --minutes N` gives hostile
 * images to the decoders alone.
 */
import { parseArgs } from 'node:util';
import pg from 'pg';
import { hubs } from '../../shared/stream/hubs.ts';
import { startTestStack } from '../pipeline/support/stack.ts';
import { eventually } from '../support/eventually.ts';
import { readHub } from '../support/hub-reader.ts';
import { peakMegabytes } from '../support/process-memory.ts';
import { seeded } from '../support/random.ts';
import { sampleImage } from '../support/sample-images.ts';
import { growthOf, maxGrowthMb, memoryOf, shownMemory, type HostMemory } from './memory.ts';
import { produceByAmqp, produceByKafka } from './produce.ts';
import { fuzzRecords, type FuzzRecord } from './records.ts';
import { requestHttp } from './requests.ts';
import { endsOf } from './settled.ts';

const { values } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    seed: { type: 'string', default: '20261129' },
    records: { type: 'string' },
    rounds: { type: 'string', default: '4' },
    decoders: { type: 'boolean', default: false },
    minutes: { type: 'string' },
  },
});
if (values.decoders) {
  const { fuzzDecoders } = await import('./decoders.ts');
  process.exit(await fuzzDecoders(Number(values.minutes ?? 1), Number(values.seed)));
}

const records = Number(values.records ?? (values.short ? 400 : 10_000));
const rounds = Number(values.rounds);
const ofRound = Math.ceil(records / rounds);
const counts = {
  kafka: ofRound,
  amqp: Math.ceil(ofRound / 5),
  http: ofRound,
  tus: Math.ceil(ofRound / 2),
};
const random = seeded(Number(values.seed));
const image = await sampleImage('png', 16, 12);
const tallies = new Map<string, Map<string, number>>();
const tallyOf = (kind: string) => {
  const own = tallies.get(kind) ?? new Map<string, number>();
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
const functions = stack.pid('functions')!;
const before = { pids: pids(), memory: memoryOf(functions) };
const database = new pg.Client(stack.databaseOwner());
await database.connect();
const [stream, deadLetters] = [hubs.stream, hubs.deadLetter].map((hub) => readHub(stack.endpoints.hubs, hub));
const started = performance.now();
console.log(
  `fuzz: seed ${values.seed}; ${rounds} rounds of ${Object.entries(counts)
    .map(([kind, count]) => `${count} ${kind}`)
    .join(', ')}`,
);

const tokens = await Promise.all(
  ['uploader', 'logistics', 'sales', 'analytics', 'engineering'].map((persona) => stack.token(persona)),
);
const asked = { random, image, tokens };
const waiting = async (): Promise<number> => {
  const answer = await stack.call('engineering', '/operations/stream');
  const { groups } = (await answer.json()) as { groups: { events: number | null }[] };
  return groups.reduce((sum, { events }) => sum + (events ?? 1), 0);
};
const timeLimit = { within: 30 * 60_000, every: 1_000 };
const nothingWaits = () => eventually(async () => ((await waiting()) === 0 ? true : undefined), timeLimit);

const memories: HostMemory[] = [];
let accepted = 0;
for (let round = 0; round < rounds; round += 1) {
  accepted += await produceByKafka(stack, first(counts.kafka), tallyOf('kafka'));
  accepted += await produceByAmqp(stack, random, first(counts.amqp), tallyOf('amqp'));
  await requestHttp(stack, 'http', { ...asked, count: counts.http, tally: tallyOf('http') });
  await requestHttp(stack, 'tus', { ...asked, count: counts.tus, tally: tallyOf('tus') });
  await nothingWaits();
  memories.push(memoryOf(functions));
  console.log(`  memory after round ${round + 1}: ${shownMemory(memories.at(-1)!)}`);
}
await eventually(() => (stream!.records.length >= accepted ? true : undefined), timeLimit);
// Chunk sets that were never whole have their end now.
stack.moveClock(20 * 60_000);
await stack.runTimer('streamTimer');
await nothingWaits();
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
const wrong = [...tallies.values()]
  .flatMap((tally) => [...tally.keys()])
  .filter((name) => name.startsWith('WRONG'));
const growth = growthOf(memories);
const maxMb = values.short ? maxGrowthMb.short : maxGrowthMb.whole;
console.log(
  `  restarts ${restarts}; memory of the functions host: ${shownMemory(before.memory)} at the start, ${Math.round(peakMegabytes(functions))} MB at most; host and worker grew by ${growth} MB after round 2, ${maxMb} MB is allowed`,
);
console.log(
  `fuzz: ${Math.round((performance.now() - started) / 1_000)} s, ${lost.length} records lost, ${wrong.length} kinds of wrong answers`,
);
await Promise.all([stream!.close(), deadLetters!.close(), database.end()]);
await stack.stop();
process.exit(restarts + lost.length + wrong.length === 0 && growth <= maxMb ? 0 : 1);
