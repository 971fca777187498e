import type { Command } from 'commander';
import { defaultStateDir, runningStack } from '../../../infra/local/supervisor/state.ts';
import { producerSettings, type Client, type Endpoint, type Sign } from '../../support/kafka-settings.ts';
import { printJson } from '../../support/output.ts';

interface Options {
  readonly stage: string;
  readonly client: Client | 'all';
  readonly auth: Sign;
  readonly host?: string;
  readonly json?: boolean;
}

const clients: readonly Client[] = ['java', 'librdkafka', 'kafkajs', 'python', 'dotnet'];

/** The stage's host: given, from the environment, or a place for it that `sls info` fills. */
function endpointOf({ stage, host }: Options): Endpoint {
  if (stage === 'local') {
    const running = runningStack(defaultStateDir())?.kafka;
    return { host: host ?? running ?? '127.0.0.1:9092', encrypted: false };
  }
  const given = host ?? process.env['DARKROOM_KAFKA'];
  return {
    host: given ?? `HOST.servicebus.windows.net:9093`,
    encrypted: true,
  };
}

function settings(options: Options): void {
  const endpoint = endpointOf(options);
  const sign = options.stage === 'local' ? 'connection-string' : options.auth;
  const wanted = options.client === 'all' ? clients : [options.client];
  const texts = Object.fromEntries(
    wanted.map((client) => [client, producerSettings(client, endpoint, sign)]),
  );
  if (options.json === true) {
    printJson({ stage: options.stage, auth: sign, settings: texts });
    return;
  }
  console.log(wanted.map((client) => texts[client]).join('\n\n'));
  if (endpoint.host.startsWith('HOST.')) {
    console.error(
      `\nPut the host in place of HOST: "npx sls info --stage ${options.stage}" says it, or give --host.`,
    );
  }
}

/** `darkroom kafka settings`: what a producer's client needs to send images to a stage. */
export const addKafkaSettings = (kafka: Command): Command =>
  kafka
    .command('settings')
    .description('print ready client settings for a stage')
    .option('--stage <name>', 'local, dev or prod', 'local')
    .option('--client <name>', 'java, librdkafka, kafkajs, python, dotnet or all', 'all')
    .option('--auth <way>', 'oauthbearer (sign in with Entra) or connection-string', 'oauthbearer')
    .option('--host <host:port>', 'Kafka endpoint; "npx sls info" says it')
    .option('--json', 'print JSON')
    .action(settings);
