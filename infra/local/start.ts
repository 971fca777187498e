/** `npm start`: the whole stack on this machine, with sample images over HTTP and Kafka. */
import { existsSync, rmSync } from 'node:fs';
import { parseArgs, styleText } from 'node:util';
import { cachedTokens, type Connection } from '../../client/connection.ts';
import { dropPostgresFolder } from './postgres/account.ts';
import { imagesIn, makeSamples } from './samples.ts';
import { sendSamples, type Arrival } from './send-samples.ts';
import { makeLineSink, printArrivals } from './show.ts';
import { startStack, type Stack } from './stack.ts';
import { defaultStateDir, runningStack } from './supervisor/state.ts';

const help = `Starts Darkroom on this machine and puts sample images through it.

  npm start                          stay up until Ctrl-C
  npm start -- --once                stop after the samples; exit code 0 when every one arrived
  npm start -- --images DIR          send the images of a directory as well
  npm start -- --fresh               drop everything that was stored before
  npm start -- --no-samples          send none
  npm start -- --no-replica          run one server of the database, not two
  npm start -- --verbose             show every line that the components write
  npm start -- --port-offset N       move every port by N

State is kept in .darkroom (or DARKROOM_HOME), each component's log in .darkroom/logs.`;

function readArguments() {
  return parseArgs({
    options: {
      once: { type: 'boolean', default: false },
      images: { type: 'string' },
      replica: { type: 'boolean', default: true },
      fresh: { type: 'boolean', default: false },
      verbose: { type: 'boolean', default: false },
      samples: { type: 'boolean', default: true },
      'port-offset': { type: 'string', default: '0' },
      help: { type: 'boolean', short: 'h', default: false },
    },
    allowNegative: true,
  }).values;
}

type Arguments = ReturnType<typeof readArguments>;

function dropState(stateDir: string): void {
  const running = runningStack(stateDir);
  if (running) throw new Error(`Darkroom is running (process ${running.pid}); stop it before --fresh.`);
  dropPostgresFolder(stateDir);
  rmSync(stateDir, { recursive: true, force: true });
}

const connectionTo = (stack: Stack): Connection => ({
  api: stack.endpoints.api,
  token: cachedTokens((persona) => stack.token(persona)),
  kafka: () => ({ broker: stack.endpoints.kafka, connectionString: stack.endpoints.hubs }),
});

async function seed(stack: Stack, { images, samples }: Arguments): Promise<Arrival[]> {
  const files = [
    ...(samples ? await makeSamples(`${stack.stateDir}/samples`) : []),
    ...(images === undefined ? [] : await imagesIn(images)),
  ];
  if (files.length === 0) return [];
  console.log(`\nSending ${files.length} images through HTTP and Kafka …\n`);
  const arrivals = await sendSamples(connectionTo(stack), files);
  printArrivals(arrivals);
  return arrivals;
}

/** Arrived: processed, or refused for a reason that the caller was told and that is not ours. */
const arrived = ({ image }: Arrival) =>
  image?.status === 'processed' ||
  (image?.status === 'rejected' && image.failure?.code === 'unsupported-type');

function printPlaces({ endpoints, stateDir }: Stack): void {
  const place = (name: string, value: string) =>
    console.log(`  ${name.padEnd(10)} ${styleText('cyan', value)}`);
  console.log();
  place('API', `${endpoints.api}/api`);
  place('tokens', `curl -d persona=uploader ${endpoints.identity}/token`);
  place('Kafka', `${endpoints.kafka} (SASL PLAIN; or: npx darkroom produce FILE)`);
  place('logs', `${stateDir}/logs`);
  place('more', 'npx darkroom --help');
  console.log(
    `\n${styleText('bold', 'Darkroom is up.')} Open ${styleText('cyan', endpoints.api)}, sign in as uploader, logistics, sales, analytics or\nengineering; no password. Ctrl-C stops it.`,
  );
}

async function main(): Promise<number> {
  const values = readArguments();
  if (values.help) {
    console.log(help);
    return 0;
  }
  if (values.images !== undefined && !existsSync(values.images)) {
    throw new Error(`There is no directory ${values.images}.`);
  }
  const stateDir = defaultStateDir();
  if (values.fresh) dropState(stateDir);
  const interrupted = new Promise<'interrupted'>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => resolve('interrupted'));
  });

  console.log('Starting Darkroom …');
  const starting = startStack({
    stateDir,
    ports: Number(values['port-offset']),
    hasReplica: values.replica,
    onLine: makeLineSink(values.verbose),
    onReady: (component, milliseconds) => console.log(`  ${component} ready after ${milliseconds} ms`),
  });
  const stack = await starting;
  try {
    const outcome = await Promise.race([seed(stack, values), interrupted]);
    if (outcome === 'interrupted') return 130;
    const complete =
      outcome.every(arrived) &&
      (outcome.length === 0 || outcome.some(({ image }) => image?.status === 'processed'));
    if (values.once) return complete ? 0 : 1;
    printPlaces(stack);
    await interrupted;
    return 0;
  } finally {
    console.log('Stopping …');
    await stack.stop();
  }
}

try {
  process.exit(await main());
} catch (error) {
  console.error(`\ndarkroom: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}
