import type { Clock } from '../../platform/clock.ts';
import type { ChunkSet, StorageWriter } from '../store/ports.ts';

/** A set whose chunks are arriving, as this process knows it. */
export interface OpenChunkSet {
  readonly set: ChunkSet;
  /** Bytes of each chunk that is staged, by its index. */
  readonly sizes: Map<number, number>;
  bytes: number;
}

/** What is remembered is bounded; a set that was forgotten is read anew from the store. */
const maxOpen = 1_000;

export interface OpenChunkSets {
  /**
   * Reads a set from the store at its first chunk here; from then on a chunk costs the same, however many there are.
   * Undefined when the image is there already.
   */
  open(set: ChunkSet): Promise<OpenChunkSet | undefined>;
  forget(imageId: string): void;
}

/** `lifetimeMs` is how long chunks may take to arrive: after it, others may have dropped them. */
export function makeOpenChunkSets(
  storage: Pick<StorageWriter, 'rawOrigin' | 'beginChunkSet' | 'stagedChunks'>,
  clock: Clock,
  lifetimeMs: number,
): OpenChunkSets {
  const known = new Map<string, Promise<OpenChunkSet | undefined>>();

  async function read(begun: ChunkSet): Promise<OpenChunkSet | undefined> {
    if ((await storage.rawOrigin(begun.origin.imageId)) !== undefined) return undefined;
    const set = await storage.beginChunkSet(begun);
    const staged = (await storage.stagedChunks(set.origin.imageId)) ?? [];
    const sizes = new Map(staged.map(({ index, bytes }) => [index, bytes]));
    return { set, sizes, bytes: staged.reduce((sum, { bytes }) => sum + bytes, 0) };
  }

  function readAndKeep(begun: ChunkSet): Promise<OpenChunkSet | undefined> {
    const { imageId } = begun.origin;
    const opening = read(begun);
    known.set(imageId, opening);
    const forget = (): void => void known.delete(imageId);
    opening.then((open) => open ?? forget(), forget);
    const [oldest] = known.keys();
    if (known.size > maxOpen && oldest !== undefined) known.delete(oldest);
    return opening;
  }

  return {
    async open(begun) {
      const { imageId } = begun.origin;
      const opening = known.get(imageId) ?? readAndKeep(begun);
      const open = await opening;
      const isOver = open !== undefined && clock.now().getTime() - open.set.startedAt.getTime() >= lifetimeMs;
      if (!isOver) return open;
      return known.get(imageId) === opening ? readAndKeep(begun) : (known.get(imageId) ?? open);
    },
    forget: (imageId) => void known.delete(imageId),
  };
}
