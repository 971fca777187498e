export const imageSources = ['http', 'kafka', 'tus'] as const;
export type ImageSource = (typeof imageSources)[number];

/** What is known of an image from its first byte on; kept as metadata of the raw blob. */
export interface Origin {
  readonly imageId: string;
  readonly owner: string;
  readonly source: ImageSource;
  readonly uploadedAt: Date;
  readonly correlationId: string;
  /** What its sender called the file: for people to read, never a path, never in a log. */
  readonly fileName?: string;
  /** Of an image that came by Kafka. */
  readonly sender?: Sender | undefined;
}

/** How its sender named an image: the source and id of its event, the id of its chunks, or partition and offset of its record. */
export interface Sender {
  readonly source?: string | undefined;
  readonly id: string;
}

/** Whose an image is when a record names nobody: only Engineering sees it. No issuer makes this a user's id. */
export const unknownOwner = 'unknown';
