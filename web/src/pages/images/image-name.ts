import type { Image } from '../../../../client/api-types.ts';

type Named = Pick<Image, 'id' | 'fileName'>;

/** The beginning of an id, by which people tell images without a name apart. */
export const shortId = (id: string): string => id.slice(0, 8);

/** What its sender called the file, else the beginning of its id. */
export const imageName = ({ id, fileName }: Named): string => fileName ?? shortId(id);

/** The same as a heading says it. */
export const imageTitle = ({ id, fileName }: Named): string => fileName ?? `Image ${shortId(id)}`;

export const endingOf = (contentType: string | null): string =>
  contentType?.split('/')[1]?.replace('jpeg', 'jpg') ?? 'bin';
