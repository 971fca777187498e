import type { Image, Variant } from './api-types.ts';

/** Nothing more happens to it by itself. */
export const isSettled = ({ status }: Pick<Image, 'status'>): boolean =>
  status === 'processed' || status === 'rejected' || status === 'failed';

export const variantOf = (image: Image, name: string): Variant | undefined =>
  image.variants.find((variant) => variant.name === name);
