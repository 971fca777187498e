import type { Socket } from 'node:net';
import rhea, { type EventContext } from 'rhea';
import type { Namespace } from '../namespace.ts';
import { acceptSocket, addressOf, allowSasl } from './links.ts';
import { ReceiveLinks } from './receive-links.ts';
import { isRequestAddress, Requests } from './requests.ts';
import { SendLinks } from './send-links.ts';

/** The AMQP 1.0 endpoint: tells rhea's events to those that they concern. */
export class AmqpEndpoint {
  readonly #container = rhea.create_container({ id: 'darkroom-event-hubs' });
  readonly #requests: Requests;
  readonly #sendLinks: SendLinks;
  readonly #receiveLinks: ReceiveLinks;

  constructor(namespace: Namespace, key: string) {
    this.#requests = new Requests(namespace, key);
    this.#sendLinks = new SendLinks(namespace);
    this.#receiveLinks = new ReceiveLinks(namespace);
    allowSasl(this.#container);
    this.#listenToLinks();
    this.#listenToEnds();
  }

  /** Serves one connection. */
  accept(socket: Socket): void {
    acceptSocket(this.#container, socket, (connection) => this.#receiveLinks.disconnected(connection));
  }

  #listenToLinks(): void {
    this.#container.on('receiver_open', ({ receiver, connection }: EventContext) => {
      if (isRequestAddress(addressOf(receiver?.target))) return;
      this.#sendLinks.open(receiver!, this.#requests.isAuthorized(connection));
    });
    this.#container.on('sender_open', ({ sender, connection }: EventContext) => {
      if (isRequestAddress(addressOf(sender?.source))) return;
      this.#receiveLinks.open(sender!, this.#requests.isAuthorized(connection));
    });
    this.#container.on('message', (context: EventContext) => {
      if (isRequestAddress(addressOf(context.receiver?.target))) this.#requests.onRequest(context);
      else this.#sendLinks.onTransfer(context);
    });
    this.#container.on('sendable', ({ sender }: EventContext) => this.#receiveLinks.wake(sender!));
    this.#container.on('sender_draining', ({ sender }: EventContext) => sender!.set_drained(true));
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
