import { computed, signal, type Signal } from '@preact/signals';
import { makeZip } from 'client-zip';
import type { Image } from '../../../../client/api-types.ts';
import { ask } from '../../api/client.ts';
import { forgetZip, newZipFile } from '../../session/kept-zips.ts';
import { session } from '../../session/session.ts';
import { formatBytes } from '../../ui/format.ts';
import { saveFile } from '../../ui/save-file.ts';
import { imageName } from './image-name.ts';
import { openOriginal } from './original-bytes.ts';
import { makeZipNames } from './zip-names.ts';

/** Images that the service is asked about at once. */
const slice = 100;
/** Names, in the ZIP, what is not in it. */
const missingFile = 'MISSING FILES.txt';
/** Until the browser has copied the file to its downloads. Milliseconds. */
const copyMs = 600_000;

export interface Missing {
  readonly name: string;
  readonly reason: string;
}

export type ZipState =
  | { readonly kind: 'running' }
  | { readonly kind: 'saved' }
  /** Nothing was saved: half a ZIP would look like a whole one. */
  | { readonly kind: 'failed'; readonly reason: string };

export interface ZipJob {
  readonly key: string;
  readonly fileName: string;
  readonly total: number;
  /** Files that are written, and their bytes. */
  readonly done: Signal<number>;
  readonly bytes: Signal<number>;
  readonly missing: Signal<readonly Missing[]>;
  readonly state: Signal<ZipState>;
  cancel(): void;
}

export const zipJobs = signal<readonly ZipJob[]>([]);
const runningZips = computed(
  () => zipJobs.value.filter(({ state }) => state.value.kind === 'running').length,
);

export const forgetZipJob = (job: ZipJob): void => {
  zipJobs.value = zipJobs.value.filter((one) => one !== job);
};

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** As they are now, with addresses that are good for a while yet. */
async function readAgain(images: readonly Image[]): Promise<ReadonlyMap<string, Image>> {
  const query = { ids: images.map(({ id }) => id) };
  const { images: found } = await ask((api) => api.GET('/images', { params: { query } }));
  return new Map(found.map((image) => [image.id, image]));
}

async function* filesOf(images: readonly Image[], job: ZipJob, stop: AbortSignal) {
  const nameOf = makeZipNames();
  const leaveOut = (image: Image, reason: string): void => {
    job.missing.value = [...job.missing.value, { name: imageName(image), reason }];
  };
  const counted = (): TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> =>
    new TransformStream({
      transform(chunk, controller) {
        job.bytes.value += chunk.byteLength;
        controller.enqueue(chunk);
      },
    });
  for (let start = 0; start < images.length; start += slice) {
    const asked = images.slice(start, start + slice);
    const found = await readAgain(asked);
    for (const one of asked) {
      stop.throwIfAborted();
      const image = found.get(one.id);
      try {
        if (image === undefined) throw new Error('It is erased.');
        const { bytes } = await openOriginal(image, stop);
        yield {
          name: nameOf(image),
          lastModified: new Date(image.uploadedAt),
          input: bytes.pipeThrough(counted()),
        };
        job.done.value += 1;
      } catch (error) {
        stop.throwIfAborted();
        leaveOut(one, reasonOf(error));
      }
    }
  }
  const missing = job.missing.value;
  if (missing.length === 0) return;
  const lines = missing.map(({ name, reason }) => `${name}: ${reason}`).join('\r\n');
  yield { name: missingFile, lastModified: new Date(), input: `Not in this ZIP:\r\n${lines}\r\n` };
}

/** Throws where the browser has less room than the files need. */
async function requireRoom(images: readonly Image[]): Promise<void> {
  const needed = images.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0);
  const { quota = Infinity, usage = 0 } = await navigator.storage.estimate();
  if (needed > quota - usage)
    throw new Error(
      `It needs ${formatBytes(needed)}, and this browser has room for ${formatBytes(quota - usage)}.`,
    );
}

async function write(images: readonly Image[], job: ZipJob, stop: AbortSignal): Promise<void> {
  const stream = makeZip(filesOf(images, job, stop));
  const file = await newZipFile('person' in session.value ? session.value.person.id : '');
  if (file === undefined) {
    // Without space on disk: as the browser holds what it downloads.
    saveFile(await new Response(stream as BodyInit).blob(), job.fileName);
    return;
  }
  try {
    await requireRoom(images);
    await stream.pipeTo(await file.createWritable(), { signal: stop });
    saveFile(await file.getFile(), job.fileName);
    setTimeout(() => void forgetZip(file), copyMs);
  } catch (error) {
    await forgetZip(file);
    throw error;
  }
}

/** Saves the originals of images as one ZIP, under the names that their senders gave them. Goes on over all pages. */
export function saveZip(images: readonly Image[], fileName: string): void {
  const stop = new AbortController();
  const job: ZipJob = {
    ...{ key: crypto.randomUUID(), fileName, total: images.length },
    ...{ done: signal(0), bytes: signal(0), missing: signal([]), state: signal({ kind: 'running' }) },
    cancel: () => stop.abort(new Error('Cancelled.')),
  };
  zipJobs.value = [...zipJobs.value, job];
  write(images, job, stop.signal).then(
    () => {
      job.state.value = { kind: 'saved' };
    },
    (error: unknown) => {
      if (stop.signal.aborted) forgetZipJob(job);
      else job.state.value = { kind: 'failed', reason: reasonOf(error) };
    },
  );
}

addEventListener('beforeunload', (event) => {
  if (runningZips.peek() > 0) event.preventDefault();
});
