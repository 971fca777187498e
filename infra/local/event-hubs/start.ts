import { join } from 'node:path';
import { systemClock, type Clock } from '../../../shared/platform/clock.ts';
import { connectionStringOf } from './access-key.ts';
import { AmqpEndpoint } from './amqp/server.ts';
import { KafkaConnection } from './kafka/connection.ts';
import { Groups } from './kafka/groups.ts';
import { verifyIssuerTokens, verifyNothing } from './issuer-tokens.ts';
import { Namespace, type NamespaceOptions } from './namespace.ts';
import { takePort } from './ports.ts';
import { throttleIn } from './throttle.ts';

export interface EventHubsOptions extends Pick<NamespaceOptions, 'segmentBytes' | 'sync' | 'onRepair'> {
  /** Folder of the logs; made when it is not there. */
  readonly dataDir: string;
  /** 0 takes any free port. */
  readonly amqpPort: number;
  readonly kafkaPort: number;
  /** Partitions of each new hub. */
  readonly partitions?: number;
  readonly clock?: Clock;
  /** Address of the issuer whose tokens clients may sign in with (Kafka: OAUTHBEARER); without it, none. */
  readonly issuer?: string | undefined;
  /** The shared access key that clients need. */
  readonly key: string;
  /** Interface to listen on. */
  readonly host?: string;
  /** Where Kafka clients and the connection string are told that this is. */
  readonly advertisedHost?: string;
}

export interface EventHubs {
  readonly amqpPort: number;
  readonly kafkaPort: number;
  readonly connectionString: string;
  stop(): Promise<void>;
}

export const defaultPartitions = 4;
const retentionInterval = 1000;
const loopbackNames = ['localhost', '127.0.0.1', '[::1]'];

/** Starts both endpoints over the logs in `dataDir`. */
export async function startEventHubs(options: EventHubsOptions): Promise<EventHubs> {
  const { clock = systemClock, host = '127.0.0.1', advertisedHost = '127.0.0.1', key } = options;
  // Ports first: a second broker on the same folder must not touch its logs.
  const amqp = await takePort(host, options.amqpPort, 'Event Hubs, AMQP');
  const kafka = await takePort(host, options.kafkaPort, 'Event Hubs, Kafka').catch(async (error: unknown) => {
    await amqp.close();
    throw error;
  });
  const namespace = await Namespace.open({
    ...options,
    partitions: options.partitions ?? defaultPartitions,
    clock,
  });
  const hosts = [...loopbackNames, host, advertisedHost];
  const throttle = throttleIn(options.dataDir);
  const verifyToken =
    options.issuer === undefined ? verifyNothing : verifyIssuerTokens(options.issuer, hosts);
  const endpoint = new AmqpEndpoint(namespace, { key, hosts, verifyToken }, throttle);
  amqp.open((socket) => endpoint.accept(socket));
  const groups = new Groups(join(options.dataDir, 'kafka-groups'), clock);
  const broker = { id: 0, host: advertisedHost, port: kafka.port };
  kafka.open((socket) => {
    new KafkaConnection(socket, {
      namespace,
      groups,
      throttle,
      key,
      broker,
      clientId: '',
      verifyToken,
      signedInUntil: 0,
      mechanism: undefined,
      expectsCredentials: false,
    });
  });
  const enforceRetention = async (): Promise<void> => {
    await Promise.all([namespace.enforceRetention(), groups.enforceRetention()]);
  };
  const timer = setInterval(() => void enforceRetention().catch(report), retentionInterval);
  return {
    amqpPort: amqp.port,
    kafkaPort: kafka.port,
    connectionString: connectionStringOf(advertisedHost, amqp.port, key),
    async stop() {
      clearInterval(timer);
      await Promise.all([amqp.close(), kafka.close()]);
      await namespace.close();
    },
  };
}

const report = (error: unknown): void =>
  process.emitWarning(`Retention could not be applied: ${String(error)}`, 'EventHubs');
