import { DarkroomError } from '../../../platform/errors.ts';

/** The body ended before its length: what came is kept. */
class BrokenOff extends Error {
  override readonly name = 'BrokenOff';
  constructor(cause?: unknown) {
    super('The connection broke while the body was being sent.', { cause });
  }
}

/**
 * Gives every chunk to `take`. Answers what ended it early: the error of `take`, or BrokenOff for a broken connection
 * and an aborted signal.
 */
export async function readBody(
  { body, signal }: { readonly body: AsyncIterable<Uint8Array>; readonly signal: AbortSignal },
  take: (chunk: Uint8Array) => Promise<void>,
): Promise<Error | undefined> {
  const iterator = body[Symbol.asyncIterator]();
  let stop: () => void = () => undefined;
  // One promise a chunk: a race against one that lives as long as the request would keep every chunk until its end.
  const nextUnlessAborted = () =>
    new Promise<IteratorResult<Uint8Array> | 'aborted'>((resolve, reject) => {
      stop = () => resolve('aborted');
      if (signal.aborted) stop();
      else iterator.next().then(resolve, reject);
    });
  const onAbort = (): void => stop();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    for (;;) {
      const next = await nextUnlessAborted();
      if (next === 'aborted') throw new BrokenOff();
      if (next.done === true) return undefined;
      await take(next.value);
    }
  } catch (error) {
    void iterator.return?.().catch(() => undefined);
    return error instanceof DarkroomError || error instanceof BrokenOff ? error : new BrokenOff(error);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
