import { minute, type Clock } from '../../../../shared/platform/clock.ts';
import { CommittedOffsets } from './committed-offsets.ts';
import { ConsumerGroup } from './consumer-group.ts';

/** How often offsets are looked at for their age, as by Kafka. Milliseconds of the clock. */
const checkEveryMs = 10 * minute;

/** Kafka's consumer groups: who is in them is forgotten at a restart, what they committed is not. */
export class Groups {
  readonly offsets: CommittedOffsets;
  readonly #clock: Clock;
  readonly #groups = new Map<string, ConsumerGroup>();
  #checkedAt = -Infinity;

  constructor(directory: string, clock: Clock) {
    this.#clock = clock;
    this.offsets = new CommittedOffsets(directory, clock);
  }

  #hasMembers(id: string): boolean {
    const group = this.#groups.get(id);
    return group !== undefined && group.describe().state !== 'Empty';
  }

  group(id: string): ConsumerGroup {
    let group = this.#groups.get(id);
    if (!group) {
      group = new ConsumerGroup();
      this.#groups.set(id, group);
    }
    return group;
  }

  /** The group of that name, if it has members or committed something. */
  async find(id: string): Promise<ConsumerGroup | undefined> {
    return this.#hasMembers(id) || (await this.offsets.groups()).includes(id) ? this.group(id) : undefined;
  }

  /** Names of all groups that have members or committed something. */
  async names(): Promise<string[]> {
    const withMembers = [...this.#groups.keys()].filter((id) => this.#hasMembers(id));
    return [...new Set([...withMembers, ...(await this.offsets.groups())])];
  }

  /** Forgets groups that nobody is in and whose offsets are too old, as every client that draws its group's name leaves one. */
  async enforceRetention(): Promise<void> {
    const now = this.#clock.now().getTime();
    // A clock that was ahead and is set back is no reason to wait.
    if (Math.abs(now - this.#checkedAt) < checkEveryMs) return;
    this.#checkedAt = now;
    for (const id of await this.offsets.expired()) {
      if (this.#hasMembers(id)) continue;
      await this.offsets.forget(id);
      this.#groups.delete(id);
    }
  }
}
