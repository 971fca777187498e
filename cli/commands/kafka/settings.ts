import type { Command } from 'commander';
import { defaultStateDir, runningStack } from '../../../infra/local/supervisor/state.ts';
import {
  kafkaSettings,
  settingsClients,
  type Client,
  type Endpoint,
  type Side,
  type Sign,
} from '../../support/kafka-settings.ts';
import { printJson } from '../../support/output.ts';

interface Options {
  readonly stage: string;
  readonly client: Client | 'all';
  readonly for: Side | 'all';
  readonly auth: Sign;
  readonly host?: string;
  readonly json?: boolean;
}

const sides: readonly Side[] = ['producer', 'consumer'];

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
  if (options.for !== 'all' && !sides.includes(options.for))
    throw new Error(`--for is ${sides.join(', ')} or all`);
  const clients = options.client === 'all' ? settingsClients : [options.client];
  const texts = clients.map((client) => {
    const wanted = options.for === 'all' ? sides : [options.for];
    return [client, wanted.map((side) => [side, kafkaSettings(client, side, endpoint, sign)])] as const;
  });
  if (options.json === true) {
    const settings = Object.fromEntries(texts.map(([client, own]) => [client, Object.fromEntries(own)]));
    printJson({ stage: options.stage, auth: sign, settings });
    return;
  }
  console.log(texts.flatMap(([, own]) => own.map(([, text]) => text)).join('\n\n'));
  if (endpoint.host.startsWith('HOST.')) {
    console.error(
      `\nPut the host in place of HOST: "npx sls info --stage ${options.stage}" says it, or give --host.`,
    );
  }
}

/** `darkroom kafka settings`: what a client needs to send images to a stage, and to read what became of them. */
export const addKafkaSettings = (kafka: Command): Command =>
  kafka
    .command('settings')
    .description('print ready client settings for a stage')
    .option('--stage <name>', 'local, dev or prod', 'local')
    .option('--client <name>', 'java, librdkafka, kafkajs, python, dotnet or all', 'all')
    .option('--for <side>', 'producer (sends images), consumer (reads image-outcomes) or all', 'all')
    .option('--auth <way>', 'oauthbearer (sign in with Entra) or connection-string', 'oauthbearer')
    .option('--host <host:port>', 'Kafka endpoint; "npx sls info" says it')
    .option('--json', 'print JSON')
    .action(settings);
