import type { Image } from '../../../../client/api-types.ts';

export interface ReadImages {
  readonly images: readonly Image[];
  readonly next: string | null;
  readonly readAt: Date | undefined;
}

interface KeptPlace {
  /** With its filters. */
  readonly address: string;
  /** Pixels from the top of the page. */
  readonly scrolled: number;
  /** Images that were read. */
  readonly count: number;
}

export interface Place extends KeptPlace {
  readonly read: ReadImages | undefined;
}

const storageKey = 'darkroom.gallery-place';

/** What was read; lost with a reload of the page, after which it is read again. */
let read: { readonly address: string; readonly images: ReadImages } | undefined;
let comesBack = false;

const kept = (): KeptPlace | null =>
  JSON.parse(sessionStorage.getItem(storageKey) ?? 'null') as KeptPlace | null;

/** Remembers how the gallery was left, in this tab. */
export function leaveGallery(address: string, scrolled: number, images: ReadImages): void {
  read = { address, images };
  const place: KeptPlace = { address, scrolled, count: images.images.length };
  sessionStorage.setItem(storageKey, JSON.stringify(place));
}

/** Where the link back from an image leads. */
export const galleryAddress = (): string => kept()?.address ?? '/images';

/** Told when that link is followed: like the browser's own way back, it leads to the place that was left. */
export const comeBackToGallery = (): void => {
  comesBack = true;
};

/** How the gallery of that address was left, for whoever comes back to it; a link to it begins at the top. */
export function placeOnReturn(address: string, isNewVisit: boolean): Place | undefined {
  const place = kept();
  const isBack = comesBack || !isNewVisit;
  comesBack = false;
  if (!isBack || place?.address !== address) return undefined;
  return { ...place, read: read?.address === address ? read.images : undefined };
}

/** An image that is erased is not shown again. */
export function forgetImage(id: string): void {
  if (read === undefined) return;
  const images = read.images.images.filter((image) => image.id !== id);
  read = { ...read, images: { ...read.images, images } };
}
