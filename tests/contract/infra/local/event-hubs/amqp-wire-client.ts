import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import rhea, { type Connection, type Delivery, type Receiver, type Sender } from 'rhea';
import { receiveBytes } from '../../../../../infra/local/event-hubs/amqp/rhea-gaps.ts';
import { hubs } from '../../../../../shared/stream/hubs.ts';
import { key } from './support.ts';

/* An AMQP client that sends what it is told to. Numbers and names are those of OASIS AMQP 1.0. */

export const policy = 'RootManageSharedAccessKey';

/** A token for an audience, as "Authenticate access with shared access signatures" describes it. */
export function sasToken(audience: string, seconds = 3600, accessKey = key): string {
  const sr = encodeURIComponent(audience);
  const se = Math.floor(Date.now() / 1000) + seconds;
  const signature = createHmac('sha256', accessKey).update(`${sr}\n${se}`).digest('base64');
  return `SharedAccessSignature sr=${sr}&sig=${encodeURIComponent(signature)}&se=${se}&skn=${policy}`;
}

export interface Answer {
  readonly status: number;
  readonly condition: string | undefined;
  readonly body: Record<string, unknown>;
}

/** What rhea keeps of an attach, with the number of fields that came. */
export interface Attach {
  readonly value: unknown[];
  readonly snd_settle_mode: number;
  readonly rcv_settle_mode: number;
  readonly source: { address: string; value: unknown[] } | null;
  readonly target: { address: string; value: unknown[] } | null;
}

const attachOf = (link: Sender | Receiver): Attach =>
  (link as unknown as { remote: { attach: Attach } }).remote.attach;

/** The filter that says where a receiver begins, as the Event Hubs clients send it. */
export const startingAt = (expression: string): object => ({
  'apache.org:selector-filter:string': rhea.types.wrap_described(expression, 0x468c_0000_0004),
});

export class AmqpClient {
  readonly connection: Connection;
  readonly #container = rhea.create_container();

  constructor(port: number, login: { username?: string; password?: string; idle_time_out?: number } = {}) {
    for (const event of ['error', 'connection_error', 'sender_error', 'receiver_error', 'disconnected']) {
      this.#container.on(event, () => undefined);
    }
    this.connection = this.#container.connect({ port, host: '127.0.0.1', reconnect: false, ...login });
    this.connection.on('session_open', ({ session }) => receiveBytes(session));
  }

  close(): void {
    const connection = this.connection as unknown as { socket: { destroy(): void }; eof(): void };
    connection.socket.destroy();
    // rhea looks at 'end' and 'error' only: after a destroy() its heartbeat timers would go on.
    connection.eof();
  }

  /** Opens a link and waits for the service's attach; `fault` resolves when the service detaches it. */
  async link(side: 'sender' | 'receiver', options: object) {
    const link =
      side === 'sender' ? this.connection.open_sender(options) : this.connection.open_receiver(options);
    const fault = once(link, `${side}_error`).then(() => link.error as unknown as Record<string, unknown>);
    await once(link, `${side}_open`);
    return { link: link as Sender & Receiver, attach: attachOf(link), fault };
  }

  async send(address: string, message: Buffer): Promise<Delivery> {
    const { link } = await this.link('sender', { target: address });
    const delivery = link.send(message, undefined, 0);
    await Promise.race([once(link, 'accepted'), once(link, 'rejected')]);
    link.close();
    return delivery;
  }

  /** The first message of a partition after those that are there, as it was sent over the wire. */
  async next(address: string): Promise<() => Promise<Buffer>> {
    const filter = startingAt("amqp.annotation.x-opt-offset > '@latest'");
    const { link } = await this.link('receiver', { source: { address, filter } });
    const message = once(link, 'message').then(([context]) => (context as { message: Buffer }).message);
    return () => message;
  }

  async request(address: '$cbs' | '$management', properties: object, body: unknown = null): Promise<Answer> {
    const { link: receiver } = await this.link('receiver', { source: address, target: 'reply' });
    const { link: sender } = await this.link('sender', { target: address });
    const answer = once(receiver, 'message');
    sender.send({ message_id: '1', reply_to: 'reply', application_properties: properties, body });
    const [context] = (await answer) as [{ message: Buffer }];
    const decoded = rhea.message.decode(context.message);
    const told = decoded['application_properties'] as Record<string, unknown>;
    sender.close();
    receiver.close();
    return {
      status: told['status-code'] as number,
      condition: told['error-condition'] as string | undefined,
      body: decoded['body'] as Record<string, unknown>,
    };
  }

  putToken(token: string, name: string): Promise<Answer> {
    return this.request(
      '$cbs',
      { operation: 'put-token', type: 'servicebus.windows.net:sastoken', name },
      token,
    );
  }
}

export const audience = (path: string): string => `sb://127.0.0.1/${path}`;
export const partitionSource = (partition: number, hub: string = hubs.stream): string =>
  `${hub}/ConsumerGroups/$Default/Partitions/${partition}`;
