import { Readable } from 'node:stream';
import { DarkroomError } from '../../platform/errors.ts';
import { releaseBlock, takeBlock } from './block-pool.ts';

/** Bytes of a known length on their way, kept as they come, so that a request that failed sends them from the start. */
export interface ReplayableBody {
  /** From the first byte on, the last ones as they arrive; as often as asked for. Fails as the source does. */
  open(): Readable;
  /** All of it, once the last byte has come. Throws what the source threw. */
  whole(): Promise<Uint8Array>;
  /** Gives the memory back: nothing reads the bytes any more. */
  release(): void;
}

/** The longest body that is kept whole. Bytes. */
export const maxReplayableBytes = 8 * 1024 * 1024;

/** Passed on at once: each write wakes the other side, which costs more than the wait. Bytes. */
const handful = 512 * 1024;

/** Up to here memory of just that size costs less than a block that others could have. Bytes. */
const smallBytes = 512 * 1024;

const otherLength = (): DarkroomError =>
  new DarkroomError('invalid-request', 'The body does not have the Content-Length that it announced.');

/** Settles when more bytes have come, or will not. */
function nextArrival(): PromiseWithResolvers<undefined> {
  const arrival = Promise.withResolvers<undefined>();
  arrival.promise.catch(() => undefined);
  return arrival;
}

/** Begins to read `source` at once. */
export function makeReplayableBody(source: AsyncIterable<Uint8Array>, length: number): ReplayableBody {
  const block = length <= smallBytes ? Buffer.allocUnsafeSlow(length) : takeBlock(maxReplayableBytes);
  let filled = 0;
  let arrival = nextArrival();

  function arrived(): void {
    const { resolve } = arrival;
    arrival = nextArrival();
    resolve(undefined);
  }

  async function fill(): Promise<void> {
    for await (const chunk of source) {
      if (filled + chunk.byteLength > length) throw otherLength();
      block.set(chunk, filled);
      filled += chunk.byteLength;
      arrived();
    }
    if (filled < length) throw otherLength();
  }
  const filling = fill();
  filling.catch((error: unknown) => arrival.reject(error));

  /** A stream by hand: it passes every byte of an upload, at half the time that one from a generator takes. */
  function open(): Readable {
    let at = 0;
    function give(stream: Readable): void {
      const end = filled;
      // The first bytes go at once: with them goes the head of the request, which the store looks at meanwhile.
      if (end - at >= handful || end === length || (at === 0 && end > 0)) {
        stream.push(end > at ? block.subarray(at, end) : null);
        at = end;
      } else {
        arrival.promise.then(
          () => give(stream),
          (error: unknown) => stream.destroy(error as Error),
        );
      }
    }
    return new Readable({
      read() {
        give(this);
      },
    });
  }

  return {
    open,
    async whole() {
      await filling;
      return block.subarray(0, length);
    },
    release() {
      if (block.length === maxReplayableBytes) releaseBlock(block);
    },
  };
}
