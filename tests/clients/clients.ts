import { execFileSync } from 'node:child_process';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A real client: the program that puts it through its checks, or why it cannot run here. */
export interface Client {
  readonly name: string;
  /** What it is a client of. */
  readonly of: 'hubs' | 'uploads';
  /** Takes part in the short run that CI does. */
  readonly isQuick: boolean;
  /** Command and arguments; a text says what is missing. What it builds, perhaps of the environment, goes into `directory`. */
  prepare(directory: string, environment: Readonly<Record<string, string>>): readonly string[] | string;
}

const programs = join(import.meta.dirname, 'programs');
const python = '/usr/bin/python3';

function works(command: string, args: readonly string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const node = (name: string, file: string, of: Client['of'] = 'hubs'): Client => ({
  name,
  of,
  isQuick: true,
  prepare: () => [process.execPath, join(programs, file)],
});

const debian = (name: string, aptPackage: string, module: string, file: string): Client => ({
  name,
  of: 'hubs',
  isQuick: true,
  prepare: () =>
    works(python, ['-c', `import ${module}`])
      ? [python, join(programs, file)]
      : `apt-get install ${aptPackage}`,
});

let built: readonly string[] | string | undefined;

/** The printed settings as code around which the program uses what they make. */
const printedClass = (environment: Readonly<Record<string, string>>): string => {
  const method = (side: 'Producer' | 'Consumer'): string =>
    `public static void ${side}(Action<I${side}<string, byte[]>> use)\n{\n${environment[`PRINTED_${side.toUpperCase()}_DOTNET`]!}\nuse(${side.toLowerCase()});\n}`;
  return `using Confluent.Kafka;\nstatic class Printed\n{\n${method('Producer')}\n${method('Consumer')}\n}\n`;
};

/** Builds the .NET program outside of the project, once for both of its clients. */
function buildDotnet(
  parent: string,
  environment: Readonly<Record<string, string>>,
): readonly string[] | string {
  if (!works('dotnet', ['--version'])) return 'the .NET SDK is not installed';
  const directory = join(parent, 'dotnet');
  cpSync(join(programs, 'dotnet'), directory, { recursive: true });
  writeFileSync(join(directory, 'Printed.cs'), printedClass(environment));
  try {
    execFileSync('dotnet', ['build', directory, '-c', 'Release', '-o', join(directory, 'out'), '-v', 'q'], {
      encoding: 'utf8',
      stdio: 'pipe',
    });
  } catch (error) {
    const { stdout } = error as { stdout?: string };
    // Packages that cannot be had are no failure of ours; code that does not compile is.
    if (/error NU\d+/.test(stdout ?? '')) return 'NuGet does not serve the packages';
    const faults = (stdout ?? String(error)).split('\n').filter((line) => line.includes(': error '));
    throw new Error(`The .NET program does not build: ${faults.join('; ')}`, { cause: error });
  }
  return ['dotnet', join(directory, 'out', 'clients.dll')];
}

const dotnet = (name: string, which: string): Client => ({
  name,
  of: 'hubs',
  isQuick: false,
  prepare(directory, environment) {
    built ??= buildDotnet(directory, environment);
    return typeof built === 'string' ? built : [...built, which];
  },
});

/** Neither Debian nor NuGet nor npm has it, so it is tried where somebody names the class path. */
function prepareJava(classPath: string | undefined): readonly string[] | string {
  if (classPath === undefined || classPath === '')
    return 'only Maven Central has its packages: name their class path in DARKROOM_TEST_KAFKA_CLIENTS';
  if (!works('javac', ['--version'])) return 'apt-get install default-jdk-headless';
  return ['java', '-cp', classPath, join(programs, 'java/KafkaClients.java')];
}

export const clients: readonly Client[] = [
  node('kafkajs', 'kafkajs.ts'),
  node('@platformatic/kafka', 'platformatic.ts'),
  {
    name: 'kcat',
    of: 'hubs',
    isQuick: true,
    prepare: () =>
      works('kcat', ['-V']) ? [process.execPath, join(programs, 'kcat.ts')] : 'apt-get install kcat',
  },
  debian('confluent-kafka (Python)', 'python3-confluent-kafka', 'confluent_kafka', 'confluent.py'),
  debian('kafka-python', 'python3-kafka', 'kafka', 'kafka_python.py'),
  dotnet('Confluent.Kafka (.NET)', 'kafka'),
  {
    name: 'kafka-clients (Java)',
    of: 'hubs',
    isQuick: true,
    prepare: () => prepareJava(process.env['DARKROOM_TEST_KAFKA_CLIENTS']),
  },
  node('@azure/event-hubs', 'azure-event-hubs.ts'),
  node('@azure/event-hubs, as its own tests', 'azure/vectors.ts'),
  debian('Qpid Proton (Python)', 'python3-qpid-proton', 'proton', 'qpid.py'),
  dotnet('Azure.Messaging.EventHubs (.NET)', 'event-hubs'),
  node('tus-js-client', 'tus/tus-js-client.ts', 'uploads'),
  node('tus vectors', 'tus/vectors.ts', 'uploads'),
];
