import { createHash } from 'node:crypto';

/** The pages of a draw.io file, by id: each `<diagram>` element as it is written there. */
export const pagesOf = (drawio: string): Map<string, string> =>
  new Map(
    [...drawio.matchAll(/<diagram\b[^>]*?\bid="([\w-]+)"[\s\S]*?<\/diagram>/g)].map(([page, id]) => [
      id!,
      page,
    ]),
  );

export const svgPath = (id: string): string => `docs/images/architecture-${id}.svg`;

export const digestOf = (page: string): string => createHash('sha256').update(page).digest('hex');

/** The digest of the page that a picture says it was made from. */
export const digestIn = (svg: string): string | undefined => /; page sha256 (\w+) -->/.exec(svg)?.[1];

/** What a picture says of where it comes from. */
export const originOf = (page: string): string =>
  `<!-- made from docs/architecture.drawio by npm run diagrams; page sha256 ${digestOf(page)} -->`;
