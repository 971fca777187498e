import type { Connection, Message, Receiver, Sender } from 'rhea';
import type { Namespace } from '../namespace.ts';
import type { Authorization } from './authorization.ts';
import { addressOf, textOf, unauthorized } from './links.ts';
import { answerManagement, response } from './management.ts';
import type { Delivery } from './send-links.ts';

const cbs = '$cbs';
const management = '$management';

/** True for the addresses that answer requests instead of holding events. */
export const isRequestAddress = (address: string): boolean => address === cbs || address === management;

/** `$cbs`, where a connection shows its tokens, and `$management`, which tells of hubs and partitions. */
export class Requests {
  readonly #namespace: Namespace;
  readonly #authorization: Authorization;

  constructor(namespace: Namespace, authorization: Authorization) {
    this.#namespace = namespace;
    this.#authorization = authorization;
  }

  /** Answers on the link whose source is the address that was asked; of several, on the one of the reply address. */
  async onRequest(receiver: Receiver, delivery: Delivery, message: Message): Promise<void> {
    const { connection } = receiver;
    const address = addressOf(receiver.target);
    const isGood =
      address === cbs
        ? await this.#putToken(connection, message)
        : await this.#mayManage(connection, message);
    delivery.accept();
    const replyTo = textOf(message['reply_to']);
    const candidates = sendersOf(connection).filter(({ source }) => addressOf(source) === address);
    const link = candidates.find(({ target }) => addressOf(target) === replyTo) ?? candidates.at(-1);
    if (!isGood) link?.send(response(message, { status: 401, ...unauthorized }));
    else if (address === management) link?.send(answerManagement(this.#namespace, message));
    else link?.send(response(message, { status: 202, description: 'Accepted' }));
  }

  #putToken(connection: Connection, message: Message): Promise<boolean> {
    const name = textOf(propertiesOf(message)['name']);
    return this.#authorization.putToken(connection, textOf(message['body']), name);
  }

  /** A request brings its own token (the client for .NET shows none elsewhere), or its connection has one. */
  async #mayManage(connection: Connection, message: Message): Promise<boolean> {
    const { name, security_token: token } = propertiesOf(message);
    return token === undefined || token === null
      ? this.#authorization.allows(connection, textOf(name))
      : this.#authorization.tokenAllows(textOf(token), textOf(name));
  }
}

const propertiesOf = (message: Message): Record<string, unknown> =>
  (message['application_properties'] ?? {}) as Record<string, unknown>;

function sendersOf(connection: Connection): Sender[] {
  const senders: Sender[] = [];
  connection.each_sender((link: Sender) => senders.push(link));
  return senders;
}
