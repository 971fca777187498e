import { CommittedOffsets } from './committed-offsets.ts';
import { ConsumerGroup } from './consumer-group.ts';

/** Kafka's consumer groups: who is in them is forgotten at a restart, what they committed is not. */
export class Groups {
  readonly offsets: CommittedOffsets;
  readonly #groups = new Map<string, ConsumerGroup>();

  constructor(directory: string) {
    this.offsets = new CommittedOffsets(directory);
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
    const group = this.#groups.get(id);
    const hasMembers = group !== undefined && group.describe().state !== 'Empty';
    return hasMembers || (await this.offsets.groups()).includes(id) ? this.group(id) : undefined;
  }

  /** Names of all groups that have members or committed something. */
  async names(): Promise<string[]> {
    const withMembers = [...this.#groups].filter(([, group]) => group.describe().state !== 'Empty');
    return [...new Set([...withMembers.map(([id]) => id), ...(await this.offsets.groups())])];
  }
}
