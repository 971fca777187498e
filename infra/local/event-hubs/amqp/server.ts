import type { Socket } from 'node:net';
import rhea, { type Connection, type EventContext, type Message, type Receiver, type Sender } from 'rhea';
import type { Namespace } from '../namespace.ts';
import type { AmqpFault } from './addresses.ts';
import { Authorization, type Credentials } from './authorization.ts';
import {
  acceptLink,
  acceptSocket,
  addressOf,
  closeLink,
  internalError,
  markSettled,
  unauthorized,
} from './links.ts';
import { ReceiveLinks } from './receive-links.ts';
import { isRequestAddress, Requests } from './requests.ts';
import { allowSasl } from './sasl.ts';
import type { Throttle } from '../throttle.ts';
import { SendLinks } from './send-links.ts';
import { formatAsSent } from './rhea-gaps.ts';

const expired: AmqpFault = {
  ...unauthorized,
  description:
    'ExpiredToken: the token that this link was opened with has expired, and no newer one was shown.',
};

/** The AMQP 1.0 endpoint: tells rhea's events to those that they concern. */
export class AmqpEndpoint {
  readonly #container = rhea.create_container({ id: 'darkroom-event-hubs' });
  readonly #authorization: Authorization;
  readonly #requests: Requests;
  readonly #sendLinks: SendLinks;
  readonly #receiveLinks: ReceiveLinks;

  constructor(namespace: Namespace, credentials: Credentials, throttle: Throttle) {
    this.#authorization = new Authorization(credentials, (connection) => this.#endUnauthorized(connection));
    this.#requests = new Requests(namespace, this.#authorization);
    this.#sendLinks = new SendLinks(namespace, throttle);
    this.#receiveLinks = new ReceiveLinks(namespace);
    allowSasl(this.#container, credentials.key);
    this.#listenToLinks();
    this.#listenToTransfers();
    this.#listenToEnds();
  }

  /** Serves one connection. */
  accept(socket: Socket): void {
    acceptSocket(this.#container, socket, (connection) => {
      this.#authorization.forget(connection);
      this.#receiveLinks.disconnected(connection);
    });
  }

  #listenToLinks(): void {
    this.#container.on('receiver_open', ({ receiver, connection }: EventContext) => {
      const address = addressOf(receiver?.target);
      if (isRequestAddress(address)) acceptLink(receiver);
      else this.#sendLinks.open(receiver!, this.#authorization.allows(connection, address));
    });
    this.#container.on('sender_open', ({ sender, connection }: EventContext) => {
      const address = addressOf(sender?.source);
      if (isRequestAddress(address)) acceptLink(sender);
      else this.#receiveLinks.open(sender!, this.#authorization.allows(connection, address));
    });
    this.#container.on('sendable', ({ sender }: EventContext) => this.#receiveLinks.wake(sender!));
    this.#container.on('sender_draining', ({ sender }: EventContext) => sender!.set_drained(true));
  }

  #listenToTransfers(): void {
    this.#container.on('message', (context: EventContext) => {
      const { receiver, delivery } = context;
      const bytes = context.message as unknown as Buffer;
      if (isRequestAddress(addressOf(receiver!.target))) {
        const request = rhea.message.decode(bytes) as unknown as Message;
        this.#requests
          .onRequest(receiver!, delivery!, request)
          .catch((error: unknown) => closeLink(receiver, internalError(error)));
        return;
      }
      const format = formatAsSent((context as unknown as { format: number }).format);
      this.#sendLinks.onTransfer(receiver!, delivery!, bytes, format);
    });
    // A client that settles second, or that has each event settled: what it has settled need not be remembered.
    this.#container.on('settled', ({ delivery }: EventContext) => markSettled(delivery!));
    for (const outcome of ['accepted', 'released', 'rejected']) {
      this.#container.on(outcome, ({ delivery }: EventContext) => delivery!.update(true, undefined as never));
    }
  }

  #endUnauthorized(connection: Connection): void {
    const isOver = (address: string): boolean =>
      !isRequestAddress(address) && !this.#authorization.allows(connection, address);
    connection.each_receiver((link: Receiver) => {
      if (isOver(addressOf(link.target))) this.#sendLinks.end(link, expired);
    });
    connection.each_sender((link: Sender) => {
      if (isOver(addressOf(link.source))) this.#receiveLinks.end(link, expired);
    });
  }

  #listenToEnds(): void {
    for (const event of ['sender_close', 'sender_error']) {
      this.#container.on(event, ({ sender }: EventContext) => this.#receiveLinks.closed(sender!));
    }
    for (const event of ['session_close', 'session_error']) {
      this.#container.on(event, ({ session }: EventContext) => {
        this.#receiveLinks.closedWhere((sender) => sender.session === session);
      });
    }
    // A peer that breaks the protocol loses its connection (rhea ends the socket) and nothing else.
    for (const event of ['error', 'protocol_error', 'connection_error', 'receiver_error', 'disconnected']) {
      this.#container.on(event, () => undefined);
    }
  }
}
