import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { day, type Clock } from '../../../../shared/platform/clock.ts';

export interface CommittedOffset {
  readonly offset: number;
  /** As the client knows it (KIP-320): kept and given back. */
  readonly leaderEpoch: number;
  readonly metadata: string;
}

/** Kafka's own default, counted from a group's last commit while nobody is in it. Milliseconds. */
const retentionMs = 7 * day;

type GroupOffsets = Record<string, CommittedOffset>;

/** Offsets that Kafka consumer groups committed, a file a group, replaced as a whole at each commit. */
export class CommittedOffsets {
  readonly #directory: string;
  readonly #clock: Clock;
  readonly #groups = new Map<string, Promise<GroupOffsets>>();
  #writes: Promise<void> = Promise.resolve();

  constructor(directory: string, clock: Clock) {
    this.#directory = directory;
    this.#clock = clock;
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

  /** Names of the groups that have committed something. */
  async groups(): Promise<string[]> {
    const files = await readdir(this.#directory).catch(emptyWhenMissing);
    return files
      .filter((file) => file.endsWith('.json'))
      .map((file) => Buffer.from(file.slice(0, -'.json'.length), 'hex').toString());
  }

  /** Commits offsets, by `hub/partition`; undefined takes one back. */
  async commit(group: string, changes: Record<string, CommittedOffset | undefined>): Promise<void> {
    await this.#write(async () => {
      // What others committed meanwhile counts, and what cannot be written does not.
      const offsets = { ...(await this.read(group)) };
      for (const [place, offset] of Object.entries(changes)) {
        if (offset) offsets[place] = offset;
        else Reflect.deleteProperty(offsets, place);
      }
      await mkdir(this.#directory, { recursive: true });
      const file = this.#file(group);
      await writeFile(`${file}.new`, JSON.stringify(offsets));
      const now = this.#clock.now();
      await utimes(`${file}.new`, now, now);
      await rename(`${file}.new`, file);
      this.#groups.set(group, Promise.resolve(offsets));
    });
  }

  async forget(group: string): Promise<void> {
    await this.#write(async () => {
      await rm(this.#file(group), { force: true });
      this.#groups.delete(group);
    });
  }

  /** Names of the groups whose last commit is longer ago than offsets are kept. */
  async expired(): Promise<string[]> {
    const horizon = this.#clock.now().getTime() - retentionMs;
    const groups = await this.groups();
    const times = await Promise.all(
      groups.map((group) =>
        stat(this.#file(group)).then(
          ({ mtimeMs }) => mtimeMs,
          () => Infinity,
        ),
      ),
    );
    return groups.filter((_, index) => times[index]! < horizon);
  }

  async #write(work: () => Promise<void>): Promise<void> {
    const write = this.#writes.then(work);
    this.#writes = write.catch(() => undefined);
    await write;
  }
}

function emptyWhenMissing(error: unknown): string[] {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
  throw error;
}
