import { signal, type Signal } from '@preact/signals';
import pLimit from 'p-limit';
import { asApiError } from '../../../../client/api-error.ts';
import type { Image } from '../../../../client/api-types.ts';
import { ask } from '../../api/client.ts';
import { announce } from '../../ui/announce.tsx';
import { plural } from '../../ui/format.ts';
import { forgetImage } from './gallery-place.ts';
import { imageName } from './image-name.ts';

/** How long a request is held in the page, in which it can be taken back: the service knows nothing of it. Milliseconds. */
const holdMs = 10_000;
/** Erasures at once. */
const parallel = 4;

export interface NotErased {
  readonly image: Image;
  readonly reason: string;
}

/** Images that are erased together. */
export interface Erasing {
  readonly key: string;
  readonly images: readonly Image[];
  /** When the request goes out. Milliseconds. */
  readonly at: number;
  readonly state: Signal<'held' | 'running' | 'over'>;
  readonly erased: Signal<readonly string[]>;
  readonly failed: Signal<readonly NotErased[]>;
  takeBack(): void;
}

export const erasings = signal<readonly Erasing[]>([]);

/** What is erased; lists that were read before still have it. */
export const erasedIds = signal<ReadonlySet<string>>(new Set());

/** The erasure that an image waits for or is in. */
export const erasingOf = (id: string): Erasing | undefined =>
  erasings.value.find(
    ({ state, images }) => state.value !== 'over' && images.some((image) => image.id === id),
  );

export const forgetErasing = (erasing: Erasing): void => {
  erasings.value = erasings.value.filter((one) => one !== erasing);
};

async function eraseOne(erasing: Erasing, image: Image): Promise<void> {
  try {
    await ask((api) => api.DELETE('/images/{id}', { params: { path: { id: image.id } } }));
  } catch (error) {
    const problem = asApiError(error);
    // Somebody, or its time, was faster.
    if (problem.code !== 'gone') {
      erasing.failed.value = [...erasing.failed.value, { image, reason: problem.message }];
      return;
    }
  }
  erasing.erased.value = [...erasing.erased.value, image.id];
  erasedIds.value = new Set(erasedIds.value).add(image.id);
  forgetImage(image.id);
}

async function run(erasing: Erasing): Promise<void> {
  const { state, images, erased, failed } = erasing;
  state.value = 'running';
  await pLimit(parallel).map(images, (image) => eraseOne(erasing, image));
  state.value = 'over';
  announce(
    failed.value.length === 0
      ? `${plural(erased.value.length, 'image is', 'images are')} erased.`
      : `${failed.value.length} of ${images.length} are not erased: ${imageName(failed.value[0]!.image)}: ${failed.value[0]!.reason}`,
  );
}

/** Erases images in ten seconds, unless it is taken back. Goes on over all pages. */
export function eraseLater(images: readonly Image[]): void {
  const asked = images.filter(({ id }) => erasingOf(id) === undefined);
  if (asked.length === 0) return;
  const timer = setTimeout(() => void run(erasing), holdMs);
  const erasing: Erasing = {
    ...{ key: crypto.randomUUID(), images: asked, at: Date.now() + holdMs },
    ...{ state: signal('held'), erased: signal([]), failed: signal([]) },
    takeBack() {
      clearTimeout(timer);
      forgetErasing(erasing);
      announce('Taken back: nothing is erased.');
    },
  };
  erasings.value = [...erasings.value, erasing];
  announce(`${plural(asked.length, 'image', 'images')} will be erased in ten seconds.`);
}

addEventListener('beforeunload', (event) => {
  if (erasings.peek().some(({ state }) => state.peek() !== 'over')) event.preventDefault();
});
