import { releaseBlock, takeBlock } from './block-pool.ts';

/**
 * Bytes collected before a block is staged, while the next is collected: memory is twice this. Small enough that most of a
 * chunk is stored when its last byte arrives.
 */
const blockBytes = 2 * 1024 * 1024;

/**
 * Collects bytes into blocks and hands them on, one being written while the next fills: memory is two blocks,
 * however many bytes come. `write` answers once there is room again.
 */
export interface BlockWriter {
  write(chunk: Uint8Array): Promise<void>;
  /** Hands on what has been collected, full or not, and waits until all is written. */
  flush(): Promise<void>;
  /** Waits for what was handed on, leaves the rest, and gives the memory back: nothing can be written afterwards. */
  close(): Promise<void>;
  /** Bytes collected and not yet handed on. */
  readonly pending: number;
}

export function makeBlockWriter(
  put: (block: Uint8Array) => Promise<void>,
  size: number = blockBytes,
): BlockWriter {
  let filling: Buffer | undefined;
  let spare: Buffer | undefined;
  let filled = 0;
  let writing: Promise<void> = Promise.resolve();
  let failed: unknown;

  async function handOn(): Promise<void> {
    await writing;
    if (failed !== undefined) throw failed as Error;
    if (filling === undefined || filled === 0) return;
    const block = filling;
    const bytes = block.subarray(0, filled);
    filling = spare;
    spare = undefined;
    filled = 0;
    writing = put(bytes)
      .catch((error: unknown) => {
        failed = error;
      })
      .then(() => {
        spare = block;
      });
  }

  return {
    async write(chunk) {
      let rest = chunk;
      while (rest.byteLength > 0) {
        filling ??= takeBlock(size);
        const free = Math.min(rest.byteLength, size - filled);
        filling.set(rest.subarray(0, free), filled);
        filled += free;
        rest = rest.subarray(free);
        if (filled === size) await handOn();
      }
    },
    async flush() {
      await handOn();
      await writing;
      if (failed !== undefined) throw failed as Error;
    },
    async close() {
      await writing;
      for (const block of [filling, spare]) if (block !== undefined) releaseBlock(block);
      filling = spare = undefined;
    },
    get pending() {
      return filled;
    },
  };
}
