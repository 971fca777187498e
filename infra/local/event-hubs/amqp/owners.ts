import { limits } from '../limits.ts';
import type { AmqpFault } from './addresses.ts';

/** A receiver that takes part in the competition for a partition of a consumer group. */
export interface Owner {
  /** Undefined for a receiver that shares the partition with others. */
  readonly epoch: number | undefined;
  /** Ends the receiver's link because another took its place. */
  steal(fault: AmqpFault): void;
}

const stolen = (description: string): AmqpFault => ({ condition: 'amqp:link:stolen', description });

/**
 * Who receives from which partition. A receiver with an epoch is alone: it ends those with a lower or the same one
 * and those without, and is refused while a higher one is there.
 */
export class Owners {
  readonly #byPartition = new Map<string, Set<Owner>>();

  /** Lets a receiver in, or says why not. */
  enter(partition: string, owner: Owner): AmqpFault | undefined {
    const present = this.#byPartition.get(partition) ?? new Set<Owner>();
    const highest = Math.max(-1, ...[...present].map(({ epoch }) => epoch ?? -1));
    const refusal =
      owner.epoch === undefined ? refuseShared(present, highest) : refuseLower(owner.epoch, highest);
    if (refusal) return refusal;
    if (owner.epoch !== undefined) {
      for (const other of present) {
        other.steal(
          stolen(
            `New receiver with higher epoch of '${owner.epoch}' is created, hence current receiver with epoch '${other.epoch ?? 'none'}' is getting disconnected.`,
          ),
        );
      }
      present.clear();
    }
    this.#byPartition.set(partition, present.add(owner));
    return undefined;
  }

  leave(partition: string, owner: Owner): void {
    const present = this.#byPartition.get(partition);
    present?.delete(owner);
    if (present?.size === 0) this.#byPartition.delete(partition);
  }
}

function refuseShared(present: ReadonlySet<Owner>, highest: number): AmqpFault | undefined {
  if (highest >= 0) {
    return stolen(
      `At least one receiver for the endpoint is created with epoch of '${highest}', and so non-epoch receiver is not allowed.`,
    );
  }
  return present.size < limits.receivers
    ? undefined
    : {
        condition: 'amqp:resource-limit-exceeded',
        description: `Exceeded the maximum number of allowed receivers per partition in a consumer group which is ${limits.receivers}.`,
      };
}

const refuseLower = (epoch: number, highest: number): AmqpFault | undefined =>
  epoch < highest
    ? stolen(
        `Receiver with a higher epoch of '${highest}' already exists. Receiver with epoch '${epoch}' cannot be created.`,
      )
    : undefined;
