import type { Socket } from 'node:net';
import rhea, {
  type Connection,
  type Container,
  type EventContext,
  type Message,
  type Receiver,
  type Sender,
  type Session,
} from 'rhea';
import { systemClock } from '../../../../shared/clock.ts';
import { sasTokenIsValid } from '../access-key.ts';
import { limits } from '../limits.ts';
import type { Namespace } from '../namespace.ts';
import { isFault, resolveSource, resolveTarget, type AmqpFault, type SendTarget } from './addresses.ts';
import { answerManagement, response } from './management.ts';
import { Owners, type Owner } from './owners.ts';
import { eventsOfTransfer } from './received-message.ts';
import { Feed } from './receiving.ts';
import { startSequence } from './start-position.ts';

const cbs = '$cbs';
const management = '$management';
/** How many events may be on the way from one sender. */
const senderCredit = 300;

interface Closable {
  close(error?: AmqpFault): void;
}

const close = (link: unknown, fault: AmqpFault): void => (link as Closable).close(fault);
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const addressOf = (terminus: unknown): string =>
  textOf((terminus as { address?: unknown } | undefined)?.address);

/** The AMQP 1.0 endpoint: links in, links out, `$cbs` and `$management`. */
export class AmqpEndpoint {
  readonly #namespace: Namespace;
  readonly #key: string;
  readonly #container = rhea.create_container({ id: 'darkroom-event-hubs' });
  readonly #owners = new Owners();
  readonly #authorized = new WeakSet<Connection>();
  readonly #targets = new WeakMap<Receiver, SendTarget>();
  readonly #feeds = new WeakMap<Sender, { feed: Feed | undefined; leave: () => void }>();

  constructor(namespace: Namespace, key: string) {
    this.#namespace = namespace;
    this.#key = key;
    this.#listen();
  }

  /** Serves one connection. */
  accept(socket: Socket): void {
    accept(this.#container, socket);
  }

  #listen(): void {
    const container = this.#container;
    allowSasl(container);
    container.on('receiver_open', ({ receiver }: EventContext) => this.#onSendLink(receiver!));
    container.on('sender_open', ({ sender }: EventContext) => this.#onReceiveLink(sender!));
    container.on('message', (context: EventContext) => this.#onMessage(context));
    container.on('sendable', ({ sender }: EventContext) => this.#feeds.get(sender!)?.feed?.wake());
    container.on('sender_draining', ({ sender }: EventContext) => sender!.set_drained(true));
    for (const event of ['sender_close', 'sender_error', 'session_close', 'session_error']) {
      container.on(event, ({ sender, session }: EventContext) => {
        if (sender) this.#onReceiveLinkClosed(sender);
        else if (session) for (const link of sendersOf(session)) this.#onReceiveLinkClosed(link);
      });
    }
    container.on('disconnected', ({ connection }: EventContext) => this.#onDisconnected(connection));
    // A peer that breaks the protocol loses its connection (rhea ends the socket) and nothing else.
    for (const event of ['error', 'protocol_error', 'connection_error', 'receiver_error']) {
      container.on(event, () => undefined);
    }
  }

  #onSendLink(receiver: Receiver): void {
    const address = addressOf(receiver.target);
    if (address === cbs || address === management) return;
    const target = this.#authorized.has(receiver.connection)
      ? resolveTarget(this.#namespace, address)
      : unauthorized;
    if (isFault(target)) close(receiver, target);
    else this.#targets.set(receiver, target);
  }

  #onMessage({ receiver, message, delivery, connection, ...rest }: EventContext): void {
    const address = addressOf(receiver?.target);
    if (address === cbs) {
      this.#reply(connection, cbs, message!, delivery!, this.#putToken(connection, message!));
      return;
    }
    if (address === management) {
      const answer = this.#authorized.has(connection)
        ? answerManagement(this.#namespace, message!)
        : response(message!, { status: 401, ...unauthorized });
      this.#reply(connection, management, message!, delivery!, answer);
      return;
    }
    const target = this.#targets.get(receiver!);
    if (!target) {
      delivery!.reject({ ...unauthorized });
      return;
    }
    const format = (rest as { format?: number }).format ?? 0;
    const bytes = format === 0 ? rhea.message.encode(message) : (message as unknown as Buffer);
    this.#store(target, receiver!, delivery!, bytes, format);
  }

  #store(
    target: SendTarget,
    receiver: Receiver,
    delivery: NonNullable<EventContext['delivery']>,
    bytes: Buffer,
    format: number,
  ): void {
    if (bytes.length > limits.transferBytes) {
      delivery.reject({
        condition: 'amqp:link:message-size-exceeded',
        description: `The received message (size:${bytes.length} bytes) exceeds the limit (${limits.transferBytes} bytes) currently allowed on the link.`,
      });
      return;
    }
    try {
      const { partitionKey, records } = eventsOfTransfer(bytes, format);
      if (records.length === 0) {
        delivery.accept();
        return;
      }
      const partition = target.partition ?? this.#namespace.choosePartition(target.hub, partitionKey);
      partition.append({ format: 'amqp', records }).then(
        () => delivery.accept(),
        (error: unknown) => delivery.reject({ condition: 'amqp:internal-error', description: String(error) }),
      );
    } catch (error) {
      delivery.reject({ condition: 'amqp:decode-error', description: String(error) });
    }
  }

  #putToken(connection: Connection, message: Message): Message {
    const isValid = sasTokenIsValid(textOf(message['body']), this.#key, systemClock);
    if (isValid) this.#authorized.add(connection);
    return response(
      message,
      isValid ? { status: 202, description: 'Accepted' } : { status: 401, ...unauthorized },
    );
  }

  /** Sends an answer on the link whose source is the address that was asked (or whose target is the reply address). */
  #reply(
    connection: Connection,
    address: string,
    request: Message,
    delivery: NonNullable<EventContext['delivery']>,
    answer: Message,
  ): void {
    delivery.accept();
    const replyTo = textOf(request['reply_to']);
    const candidates = sendersOf(connection).filter((link) => addressOf(link.source) === address);
    const link = candidates.find(({ target }) => addressOf(target) === replyTo) ?? candidates.at(-1);
    link?.send(answer);
  }

  #onReceiveLink(sender: Sender): void {
    const address = addressOf(sender.source);
    if (address === cbs || address === management) return;
    const source = this.#authorized.has(sender.connection)
      ? resolveSource(this.#namespace, address)
      : unauthorized;
    if (isFault(source)) {
      close(sender, source);
      return;
    }
    const place = `${source.hub.name}/${source.consumerGroup}/${source.partitionId}`;
    const owner: Owner = {
      epoch: epochOf(sender),
      steal: (fault) => {
        this.#feeds.get(sender)?.feed?.end();
        close(sender, fault);
      },
    };
    const refusal = this.#owners.enter(place, owner);
    if (refusal) {
      close(sender, refusal);
      return;
    }
    const entry: { feed: Feed | undefined; leave: () => void } = {
      feed: undefined,
      leave: () => this.#owners.leave(place, owner),
    };
    this.#feeds.set(sender, entry);
    startSequence(source.partition, filterOf(sender)).then(
      (start) => {
        if (typeof start !== 'number') {
          close(sender, start);
          return;
        }
        if (!sender.is_open()) return;
        entry.feed = new Feed(sender, source.partition, start);
        entry.feed.wake();
      },
      (error: unknown) => close(sender, { condition: 'amqp:internal-error', description: String(error) }),
    );
  }

  #onReceiveLinkClosed(sender: Sender): void {
    const entry = this.#feeds.get(sender);
    entry?.feed?.end();
    entry?.leave();
    this.#feeds.delete(sender);
  }

  #onDisconnected(connection: Connection): void {
    for (const link of sendersOf(connection)) this.#onReceiveLinkClosed(link);
  }
}

function sendersOf(holder: Connection | Session): Sender[] {
  const senders: Sender[] = [];
  (holder as Connection).each_sender((link: Sender) => senders.push(link));
  return senders;
}

const unauthorized: AmqpFault = {
  condition: 'amqp:unauthorized-access',
  description: "Unauthorized access: a token that the namespace's key signed is needed.",
};

function accept(container: Container, socket: Socket): void {
  const connection = container.create_connection({
    reconnect: false,
    idle_time_out: limits.idleTimeout,
    max_frame_size: limits.transferBytes,
    tcp_no_delay: true,
    receiver_options: {
      autoaccept: false,
      credit_window: senderCredit,
      max_message_size: limits.transferBytes,
    },
    // Receivers cannot refuse an event, their checkpoint is what counts: so each is settled when it is sent.
    sender_options: { snd_settle_mode: 1, max_message_size: limits.transferBytes },
  } as never);
  (connection as unknown as { accept(socket: Socket): void }).accept(socket);
}

/** ANONYMOUS and MSSBCBS both leave it to `$cbs` to say who is there. */
function allowSasl(container: Container): void {
  const mechanisms = container.sasl_server_mechanisms as unknown as Record<string, unknown> & {
    enable_anonymous(): void;
  };
  mechanisms.enable_anonymous();
  mechanisms['MSSBCBS'] = () => ({
    outcome: undefined as boolean | undefined,
    username: 'cbs',
    start() {
      this.outcome = true;
    },
  });
}

function epochOf(sender: Sender): number | undefined {
  const properties = sender.properties as Record<string, unknown> | undefined;
  const epoch = properties?.['com.microsoft:epoch'];
  return epoch === undefined || epoch === null ? undefined : Number(epoch);
}

function filterOf(sender: Sender): string | undefined {
  const source = sender.source as { filter?: Record<string, unknown> } | undefined;
  const filter = source?.filter?.['apache.org:selector-filter:string'] as
    { value?: unknown } | string | undefined;
  const text = typeof filter === 'object' ? filter.value : filter;
  return typeof text === 'string' ? text : undefined;
}
