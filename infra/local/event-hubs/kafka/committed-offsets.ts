import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface CommittedOffset {
  readonly offset: number;
  readonly metadata: string | null;
}

type GroupOffsets = Record<string, CommittedOffset>;

/** Offsets that Kafka consumer groups committed, a file a group, replaced as a whole at each commit. */
export class CommittedOffsets {
  readonly #directory: string;
  readonly #groups = new Map<string, Promise<GroupOffsets>>();
  #writes: Promise<void> = Promise.resolve();

  constructor(directory: string) {
    this.#directory = directory;
  }

  #file(group: string): string {
    return join(this.#directory, `${Buffer.from(group).toString('hex')}.json`);
  }

  /** By `hub/partition`. */
  read(group: string): Promise<GroupOffsets> {
    let offsets = this.#groups.get(group);
    if (!offsets) {
      offsets = readFile(this.#file(group), 'utf8').then(
        (text) => JSON.parse(text) as GroupOffsets,
        (error: unknown) => {
          if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
          this.#groups.delete(group);
          throw error;
        },
      );
      this.#groups.set(group, offsets);
    }
    return offsets;
  }

  async commit(group: string, changes: GroupOffsets): Promise<void> {
    const offsets = Object.assign(await this.read(group), changes);
    const write = this.#writes.then(async () => {
      await mkdir(this.#directory, { recursive: true });
      const file = this.#file(group);
      await writeFile(`${file}.new`, JSON.stringify(offsets));
      await rename(`${file}.new`, file);
    });
    this.#writes = write.catch(() => undefined);
    await write;
  }
}
