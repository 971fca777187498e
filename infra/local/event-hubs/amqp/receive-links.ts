import type { Connection, Sender } from 'rhea';
import type { Namespace } from '../namespace.ts';
import { isFault, resolveSource, type AmqpFault, type ReceiveSource } from './addresses.ts';
import { Receiver } from './receiver.ts';
import { runtimeMetric } from './last-enqueued.ts';
import {
  acceptLink,
  addressOf,
  closeLink,
  epochOf,
  filterOf,
  internalError,
  offersIfDesired,
  refuseLink,
  unauthorized,
} from './links.ts';
import { Owners, type Owner } from './owners.ts';
import { startSequence } from './start-position.ts';

interface OpenLink {
  receiver: Receiver | undefined;
  readonly leave: () => void;
}

/** Links over which clients receive the events of a partition. */
export class ReceiveLinks {
  readonly #namespace: Namespace;
  readonly #owners = new Owners();
  readonly #open = new Map<Sender, OpenLink>();

  constructor(namespace: Namespace) {
    this.#namespace = namespace;
  }

  open(sender: Sender, isAuthorized: boolean): void {
    const source = isAuthorized ? resolveSource(this.#namespace, addressOf(sender.source)) : unauthorized;
    if (isFault(source)) {
      refuseLink(sender, source);
      return;
    }
    acceptLink(sender);
    offersIfDesired(sender, runtimeMetric);
    const refusal = this.#enter(sender, source);
    if (refusal) refuseLink(sender, refusal);
  }

  /** Takes the receiver's place among the others of its partition and begins to send, or says why it may not. */
  #enter(sender: Sender, source: ReceiveSource): AmqpFault | undefined {
    const place = `${source.hub.name}/${source.consumerGroup}/${source.partitionId}`;
    const start = startSequence(source.partition, filterOf(sender));
    if (isFault(start)) return start;
    const owner: Owner = { epoch: epochOf(sender), steal: (fault) => this.end(sender, fault) };
    const refusal = this.#owners.enter(place, owner);
    if (refusal) return refusal;
    const link: OpenLink = { receiver: undefined, leave: () => this.#owners.leave(place, owner) };
    this.#open.set(sender, link);
    start.then(
      (sequence) => {
        // The client may have left while its place in the log was looked up.
        if (this.#open.get(sender) !== link) return;
        link.receiver = new Receiver(sender, source.partition, sequence);
        link.receiver.wake();
      },
      (error: unknown) => this.end(sender, internalError(error)),
    );
    return undefined;
  }

  /** Credit came. */
  wake(sender: Sender): void {
    this.#open.get(sender)?.receiver?.wake();
  }

  end(sender: Sender, fault: AmqpFault): void {
    this.closed(sender);
    closeLink(sender, fault);
  }

  closed(sender: Sender): void {
    const link = this.#open.get(sender);
    this.#open.delete(sender);
    link?.receiver?.end();
    link?.leave();
  }

  /** Every link for which `isGone` holds has ended without saying so. */
  closedWhere(isGone: (sender: Sender) => boolean): void {
    for (const sender of this.#open.keys()) if (isGone(sender)) this.closed(sender);
  }

  disconnected(connection: Connection): void {
    this.closedWhere((sender) => sender.connection === connection);
  }
}
