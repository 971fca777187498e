import type { Socket } from 'node:net';
import type { Connection, Delivery, Sender } from 'rhea';
import { writableOrClosed } from '../backlog.ts';
import { limits } from '../limits.ts';
import type { StoredRecord } from '../log/frame.ts';
import type { PartitionLog } from '../log/partition-log.ts';
import { toAmqpMessage } from '../mapping.ts';
import { lastEnqueuedAnnotations, runtimeMetric } from './last-enqueued.ts';
import { desires, markSettled, settlesOnSend } from './links.ts';

const socketOf = (connection: Connection): Socket | undefined =>
  (connection as unknown as { socket?: Socket }).socket;

/** Whether rhea has written a delivery. */
const isWritten = (link: Sender, delivery: Delivery | undefined): boolean => {
  const { outgoing } = link.session as unknown as { outgoing: { next_pending_delivery: number } };
  return delivery !== undefined && delivery.id < outgoing.next_pending_delivery;
};

/** What the receiver allows to be sent; rhea keeps it, its types do not tell. */
const creditOf = (link: Sender): number => (link as unknown as { credit: number }).credit;

/** Sends to one receiver: as many events as it gave credit for, as fast as its socket takes them, and then each new one. */
export class Receiver {
  readonly #link: Sender;
  readonly #partition: PartitionLog;
  #next: number;
  #isRunning = false;
  #isEnded = false;
  #wantsMore = false;
  readonly #settlesOnSend: boolean;
  readonly #tellsLastEnqueued: boolean;
  readonly #unsent: Delivery[] = [];
  readonly #stopListening: () => void;

  constructor(link: Sender, partition: PartitionLog, start: number) {
    this.#link = link;
    this.#partition = partition;
    this.#next = start;
    this.#settlesOnSend = settlesOnSend(link);
    this.#tellsLastEnqueued = desires(link, runtimeMetric);
    this.#stopListening = partition.onAppend(() => this.wake());
  }

  /** Says that there may be something to do: credit came, or an event. */
  wake(): void {
    this.#wantsMore = true;
    if (this.#isRunning || this.#isEnded) return;
    this.#isRunning = true;
    this.#run().catch((error: unknown) => {
      this.end();
      this.#link.close({ condition: 'amqp:internal-error', description: String(error) });
    });
  }

  end(): void {
    this.#isEnded = true;
    this.#stopListening();
  }

  async #run(): Promise<void> {
    while (this.#wantsMore && !this.#isEnded) {
      this.#wantsMore = false;
      while (this.#credit() > 0 && (await this.#sendSome()) > 0) await this.#drained();
    }
    // In the same turn as the last look at #wantsMore, so that no wake-up is lost between the two.
    this.#isRunning = false;
  }

  /** Credit that is not spoken for by deliveries which rhea has not yet written. */
  #credit(): number {
    while (isWritten(this.#link, this.#unsent[0])) this.#unsent.shift();
    return this.#isEnded ? 0 : creditOf(this.#link) - this.#unsent.length;
  }

  async #sendSome(): Promise<number> {
    const records = await this.#partition.read(this.#next, limits.readBytes);
    let sent = 0;
    for (const record of records) {
      if (this.#credit() <= 0 || !this.#link.sendable()) break;
      // Format 0 says that the message is encoded already.
      const delivery = this.#link.send(this.#encode(record), undefined, 0);
      if (this.#settlesOnSend) markSettled(delivery);
      this.#unsent.push(delivery);
      this.#next = record.sequence + 1;
      sent++;
    }
    return sent;
  }

  #encode(record: StoredRecord): Buffer {
    const message = toAmqpMessage(record);
    if (!this.#tellsLastEnqueued) return message;
    return Buffer.concat([lastEnqueuedAnnotations(this.#partition), message]);
  }

  /** Lets rhea write, and waits while the peer does not read. */
  async #drained(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    const socket = socketOf(this.#link.connection);
    if (!socket || socket.writableLength < limits.socketBacklogBytes) return;
    await writableOrClosed(socket);
  }
}
