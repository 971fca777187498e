import { MessageChannel, receiveMessageOnPort, Worker, type MessagePort } from 'node:worker_threads';
import { decodingFailure } from './failures.ts';
import type { Picture, Size } from './port.ts';

export interface ResizeRequest {
  readonly picture: Picture;
  readonly size: Size;
  readonly timeoutSeconds: number;
  /** Set to 1 and notified once the answer is posted. */
  readonly done: Int32Array<SharedArrayBuffer>;
}

export type ResizeAnswer = { readonly data: Uint8Array } | { readonly failure: string };

const threadFile = (): URL =>
  import.meta.url.endsWith('.cjs')
    ? new URL('./resize-thread.cjs', import.meta.url)
    : new URL('./resize-thread.ts', import.meta.url);

/**
 * Scaling that has its answer when it returns. jimp's methods are synchronous and sharp's are not, so a thread of its
 * own does the work while this one waits. It starts with the first call: what the engine scales by itself needs none.
 */
export function makeSynchronousResize(timeoutSeconds: number): (picture: Picture, size: Size) => Picture {
  let thread: MessagePort | undefined;
  return (picture, size) => {
    thread ??= startThread();
    const done = new Int32Array(new SharedArrayBuffer(4));
    thread.postMessage({ picture, size, timeoutSeconds, done } satisfies ResizeRequest);
    if (Atomics.wait(done, 0, 0, timeoutSeconds * 1000) === 'timed-out') {
      throw decodingFailure(new Error('timeout while scaling'));
    }
    const received = receiveMessageOnPort(thread) as { message: ResizeAnswer } | undefined;
    if (!received || 'failure' in received.message) {
      throw decodingFailure(
        new Error(received && 'failure' in received.message ? received.message.failure : 'no answer'),
      );
    }
    const { data } = received.message;
    return {
      ...size,
      channels: picture.channels,
      data: Buffer.from(data.buffer, data.byteOffset, data.byteLength),
    };
  };
}

function startThread(): MessagePort {
  const { port1, port2 } = new MessageChannel();
  const worker = new Worker(threadFile(), {
    ...{ workerData: { port: port2 }, transferList: [port2] },
    // Otherwise V8 maps 512 MB for code, which count against the limit of the process.
    resourceLimits: { codeRangeSizeMb: 32 },
  });
  // Nobody waits for either of them at the end.
  worker.unref();
  port1.unref();
  return port1;
}
