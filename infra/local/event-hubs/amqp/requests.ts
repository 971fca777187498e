import type { Connection, EventContext, Message, Sender } from 'rhea';
import { systemClock } from '../../../../shared/platform/clock.ts';
import { sasTokenIsValid } from '../access-key.ts';
import type { Namespace } from '../namespace.ts';
import { addressOf, textOf, unauthorized } from './links.ts';
import { answerManagement, response } from './management.ts';

const cbs = '$cbs';
const management = '$management';

/** True for the addresses that answer requests instead of holding events. */
export const isRequestAddress = (address: string): boolean => address === cbs || address === management;

/** `$cbs`, where a connection shows its token, and `$management`, which tells of hubs and partitions. */
export class Requests {
  readonly #namespace: Namespace;
  readonly #key: string;
  readonly #authorized = new WeakSet<Connection>();

  constructor(namespace: Namespace, key: string) {
    this.#namespace = namespace;
    this.#key = key;
  }

  isAuthorized(connection: Connection): boolean {
    return this.#authorized.has(connection);
  }

  /** Answers on the link whose source is the address that was asked; of several, on the one of the reply address. */
  onRequest({ receiver, message, delivery, connection }: EventContext): void {
    const address = addressOf(receiver?.target);
    const answer =
      address === cbs ? this.#putToken(connection, message!) : this.#manage(connection, message!);
    delivery!.accept();
    const replyTo = textOf(message!['reply_to']);
    const candidates = sendersOf(connection).filter(({ source }) => addressOf(source) === address);
    const link = candidates.find(({ target }) => addressOf(target) === replyTo) ?? candidates.at(-1);
    link?.send(answer);
  }

  #putToken(connection: Connection, message: Message): Message {
    // Tokens are the client's, whose clock nobody moves.
    const isValid = sasTokenIsValid(textOf(message['body']), this.#key, systemClock);
    if (isValid) this.#authorized.add(connection);
    return response(
      message,
      isValid ? { status: 202, description: 'Accepted' } : { status: 401, ...unauthorized },
    );
  }

  #manage(connection: Connection, message: Message): Message {
    return this.#authorized.has(connection)
      ? answerManagement(this.#namespace, message)
      : response(message, { status: 401, ...unauthorized });
  }
}

function sendersOf(connection: Connection): Sender[] {
  const senders: Sender[] = [];
  connection.each_sender((link: Sender) => senders.push(link));
  return senders;
}
