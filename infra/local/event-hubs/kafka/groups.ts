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
}
