import rhea, { type EventContext, type Receiver } from 'rhea';
import { limits } from '../limits.ts';
import type { Namespace } from '../namespace.ts';
import { isFault, resolveTarget, type SendTarget } from './addresses.ts';
import { addressOf, closeLink, internalError, unauthorized } from './links.ts';
import { eventsOfTransfer } from './received-message.ts';

type Delivery = NonNullable<EventContext['delivery']>;

/** Links over which clients send events to a hub or to one partition of it. */
export class SendLinks {
  readonly #namespace: Namespace;
  readonly #targets = new WeakMap<Receiver, SendTarget>();

  constructor(namespace: Namespace) {
    this.#namespace = namespace;
  }

  open(receiver: Receiver, isAuthorized: boolean): void {
    const target = isAuthorized ? resolveTarget(this.#namespace, addressOf(receiver.target)) : unauthorized;
    if (isFault(target)) closeLink(receiver, target);
    else this.#targets.set(receiver, target);
  }

  /** Stores what came and accepts it once the log has it. */
  onTransfer({ receiver, message, delivery, ...rest }: EventContext): void {
    const target = this.#targets.get(receiver!);
    if (!target) {
      delivery!.reject({ ...unauthorized });
      return;
    }
    // rhea decodes plain messages and hands over those of any other format (batches) as they are.
    const format = (rest as { format?: number }).format ?? 0;
    const bytes = format === 0 ? rhea.message.encode(message) : (message as unknown as Buffer);
    if (bytes.length > limits.transferBytes) refuseSize(delivery!, bytes.length);
    else this.#store(target, delivery!, bytes, format);
  }

  #store(target: SendTarget, delivery: Delivery, bytes: Buffer, format: number): void {
    try {
      const { partitionKey, records } = eventsOfTransfer(bytes, format);
      if (records.length === 0) {
        delivery.accept();
        return;
      }
      const partition = target.partition ?? this.#namespace.choosePartition(target.hub, partitionKey);
      partition.append({ format: 'amqp', records }).then(
        () => delivery.accept(),
        (error: unknown) => delivery.reject({ ...internalError(error) }),
      );
    } catch (error) {
      delivery.reject({ condition: 'amqp:decode-error', description: String(error) });
    }
  }
}

const refuseSize = (delivery: Delivery, bytes: number): void =>
  delivery.reject({
    condition: 'amqp:link:message-size-exceeded',
    description: `The received message (size:${bytes} bytes) exceeds the limit (${limits.transferBytes} bytes) currently allowed on the link.`,
  });
