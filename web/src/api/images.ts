import { call, callJson } from './client.ts';

export const imageStatuses = ['received', 'stored', 'processed', 'rejected', 'failed'] as const;
export type ImageStatus = (typeof imageStatuses)[number];

export interface Variant {
  readonly name: string;
  readonly contentType: string;
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
  readonly processor: string;
  readonly processorVersion: string;
  /** Signed, so that `<img>` can show it. */
  readonly url: string;
}

export interface Image {
  readonly id: string;
  readonly status: ImageStatus;
  readonly source: string;
  readonly owner: string;
  readonly contentType: string | null;
  readonly bytes: number | null;
  readonly width: number | null;
  readonly height: number | null;
  readonly sha256: string | null;
  readonly uploadedAt: string;
  readonly deleteAt: string;
  readonly failure: { readonly code: string; readonly message: string } | null;
  readonly variants: readonly Variant[];
  readonly links: { readonly self: string; readonly raw?: string };
  readonly facts?: Readonly<Record<string, unknown>>;
}

export interface ImageDetail extends Image {
  readonly correlationId: string;
  readonly timeline: readonly {
    readonly at: string;
    readonly event: string;
    readonly detail: string | null;
  }[];
}

export interface ImagePage {
  readonly images: readonly Image[];
  readonly next: string | null;
}

export interface ImageQuery {
  readonly status?: ImageStatus | undefined;
  readonly cursor?: string | undefined;
  readonly limit?: number;
}

/** Newest first: the caller's own, or everybody's for engineering. */
export const listImages = (query: ImageQuery, signal?: AbortSignal): Promise<ImagePage> =>
  callJson('/images', { query: { ...query }, signal });

export const getImage = (id: string, signal?: AbortSignal): Promise<ImageDetail> =>
  callJson(`/images/${id}`, { signal });

export interface Erasure {
  /** Copies that a hub keeps until its own time is up: `hub; until="…"`. */
  readonly remaining: string | null;
}

export async function eraseImage(id: string): Promise<Erasure> {
  const response = await call(`/images/${id}`, { method: 'DELETE' });
  return { remaining: response.headers.get('darkroom-remaining') };
}

/** Nothing more happens to it by itself. */
export const isSettled = ({ status }: Pick<Image, 'status'>): boolean =>
  status === 'processed' || status === 'rejected' || status === 'failed';

export const variantOf = (image: Image, name: string): Variant | undefined =>
  image.variants.find((variant) => variant.name === name);
