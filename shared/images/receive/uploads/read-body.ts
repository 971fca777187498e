import { DarkroomError } from '../../../platform/errors.ts';

const interrupted = (cause?: unknown): DarkroomError =>
  new DarkroomError(
    'upload-interrupted',
    'The body ended before its length: ask for the offset and go on from there.',
    { cause },
  );

/**
 * Gives every chunk to `take`. Answers what ended it early: the error of `take`, or `upload-interrupted` for a broken
 * connection and an aborted signal.
 */
export async function readBody(
  { body, signal }: { readonly body: AsyncIterable<Uint8Array>; readonly signal: AbortSignal },
  take: (chunk: Uint8Array) => Promise<void>,
): Promise<DarkroomError | undefined> {
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
      if (next === 'aborted') throw interrupted();
      if (next.done === true) return undefined;
      await take(next.value);
    }
  } catch (error) {
    void iterator.return?.().catch(() => undefined);
    return error instanceof DarkroomError ? error : interrupted(error);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
