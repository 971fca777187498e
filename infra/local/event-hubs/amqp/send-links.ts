import type { EventContext, Receiver } from 'rhea';
import { isDiskFull } from '../disk-full.ts';
import { limits } from '../limits.ts';
import type { Namespace } from '../namespace.ts';
import type { Throttle } from '../throttle.ts';
import { isFault, resolveTarget, type AmqpFault, type SendTarget } from './addresses.ts';
import {
  acceptLink,
  addressOf,
  closeLink,
  desires,
  internalError,
  refuseLink,
  unauthorized,
} from './links.ts';
import {
  acceptPublisher,
  idempotentProducer,
  notNumbered,
  publishFaults,
  type Publisher,
} from './publishers.ts';
import { eventsOfTransfer } from './received-message.ts';

export type Delivery = NonNullable<EventContext['delivery']>;

interface SendLink extends SendTarget {
  readonly publisher: Publisher | undefined;
}

/** As Event Hubs says it, and clients know it by: they wait and send again. */
const serverBusy: AmqpFault = {
  condition: 'com.microsoft:server-busy',
  description:
    'The request was terminated because the entity is being throttled. Error code : 50002. Please wait 4 seconds and try again.',
};

/** Clients know it as a quota that is used up. */
const diskFull: AmqpFault = {
  condition: 'amqp:resource-limit-exceeded',
  description: 'The disk of the hub is full.',
};

/** Links over which clients send events to a hub or to one partition of it. */
export class SendLinks {
  readonly #namespace: Namespace;
  readonly #throttle: Throttle;
  readonly #targets = new WeakMap<Receiver, SendLink>();

  constructor(namespace: Namespace, throttle: Throttle) {
    this.#namespace = namespace;
    this.#throttle = throttle;
  }

  open(receiver: Receiver, isAuthorized: boolean): void {
    const target = isAuthorized ? resolveTarget(this.#namespace, addressOf(receiver.target)) : unauthorized;
    const publisher =
      !isFault(target) && desires(receiver, idempotentProducer)
        ? acceptPublisher(receiver, target.partition)
        : undefined;
    const fault = [target, publisher].find((answer) => answer && isFault(answer)) as AmqpFault | undefined;
    if (fault) {
      refuseLink(receiver, fault);
      return;
    }
    acceptLink(receiver);
    this.#targets.set(receiver, { ...(target as SendTarget), publisher: publisher as Publisher | undefined });
  }

  end(receiver: Receiver, fault: AmqpFault): void {
    if (this.#targets.delete(receiver)) closeLink(receiver, fault);
  }

  /** Stores what came and accepts it once the log has it. */
  onTransfer(receiver: Receiver, delivery: Delivery, bytes: Buffer, format: number): void {
    const target = this.#targets.get(receiver);
    if (!target) delivery.reject({ ...unauthorized });
    else if (bytes.length > limits.transferBytes) refuseSize(delivery, bytes.length);
    else if (this.#throttle() > 0) delivery.reject({ ...serverBusy });
    else this.#store(target, delivery, bytes, format);
  }

  #store(target: SendLink, delivery: Delivery, bytes: Buffer, format: number): void {
    try {
      const { partitionKey, publishSequence: sequence, records } = eventsOfTransfer(bytes, format);
      if (records.length === 0) {
        delivery.accept();
        return;
      }
      if (target.publisher && sequence === undefined) {
        delivery.reject({ ...notNumbered });
        return;
      }
      const producer = target.publisher && { ...target.publisher, sequence: sequence! };
      const partition = target.partition ?? this.#namespace.choosePartition(target.hub, partitionKey);
      partition.append({ format: 'amqp', records, producer }).then(
        ({ outcome }) => settle(delivery, publishFaults[outcome]),
        (error: unknown) => delivery.reject({ ...(isDiskFull(error) ? diskFull : internalError(error)) }),
      );
    } catch (error) {
      delivery.reject({ condition: 'amqp:decode-error', description: String(error) });
    }
  }
}

function settle(delivery: Delivery, fault: AmqpFault | undefined): void {
  if (fault) delivery.reject({ ...fault });
  else delivery.accept();
}

const refuseSize = (delivery: Delivery, bytes: number): void =>
  delivery.reject({
    condition: 'amqp:link:message-size-exceeded',
    description: `The received message (delivery-id:${delivery.id}, size:${bytes} bytes) exceeds the limit (${limits.transferBytes} bytes) currently allowed on the link.`,
  });
