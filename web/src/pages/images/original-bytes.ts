import type { Image } from '../../../../client/api-types.ts';
import { getImage } from './get-image.ts';

/** Tries of one file, the first among them, and milliseconds before each further one. */
const maxTries = 4;
const pauseMs = 1_000;

const wait = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });

/** The rest of an original, from a byte on. The address of an earlier try may have expired. */
async function openFrom(image: Image, start: number, isFirst: boolean, signal: AbortSignal) {
  const { links } = isFirst ? image : await getImage(image.id, { signal });
  if (links.raw === undefined) throw new Error(image.failure?.message ?? 'It was not checked yet.');
  const response = await fetch(links.raw, {
    signal,
    ...(start > 0 && { headers: { range: `bytes=${start}-` } }),
  });
  if (response.status !== (start > 0 ? 206 : 200) || response.body === null)
    throw new Error(`The service answered ${response.status}.`);
  return response.body.getReader();
}

/** An original that is being read. `bytes` goes on where a connection broke off, and throws when it never came whole. */
export interface OpenOriginal {
  readonly bytes: ReadableStream<Uint8Array<ArrayBuffer>>;
}

/** Throws when not even its first byte comes. */
export async function openOriginal(image: Image, signal: AbortSignal): Promise<OpenOriginal> {
  let tries = 0;
  let received = 0;
  const open = async () => {
    for (;;) {
      tries += 1;
      try {
        return await openFrom(image, received, tries === 1, signal);
      } catch (error) {
        if (signal.aborted || tries >= maxTries) throw error;
        await wait(pauseMs);
      }
    }
  };
  let reader = await open();
  const bytes = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      async pull(controller) {
        for (;;) {
          const next = await reader.read().catch(() => undefined);
          if (next?.value !== undefined) {
            received += next.value.byteLength;
            controller.enqueue(next.value);
            return;
          }
          // What ended too early, or broke, is no whole file.
          if (next?.done === true && received === image.bytes) {
            controller.close();
            return;
          }
          if (tries >= maxTries) throw new Error(`It broke off after ${received} of ${image.bytes} bytes.`);
          reader = await open();
        }
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
  return { bytes };
}
