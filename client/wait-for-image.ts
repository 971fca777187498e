import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError, callApi } from './api.ts';
import type { Connection } from './connection.ts';

export interface VariantView {
  readonly name: string;
  readonly contentType: string;
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
  readonly url: string;
}

export interface ImageView {
  readonly id: string;
  readonly status: 'received' | 'stored' | 'processed' | 'rejected' | 'failed';
  readonly source: string;
  readonly contentType: string | null;
  readonly bytes: number | null;
  readonly width: number | null;
  readonly height: number | null;
  readonly sha256: string | null;
  readonly uploadedAt: string;
  readonly deleteAt: string;
  readonly failure: { readonly code: string; readonly message: string } | null;
  readonly timeline: readonly {
    readonly at: string;
    readonly event: string;
    readonly detail: string | null;
  }[];
  readonly variants: readonly VariantView[];
}

const final: readonly string[] = ['processed', 'rejected', 'failed'];

export const isFinal = ({ status }: Pick<ImageView, 'status'>): boolean => final.includes(status);

const readImage = async (connection: Connection, id: string, as = 'engineering'): Promise<ImageView> =>
  (await callApi(connection, `/images/${encodeURIComponent(id)}`, { as })) as ImageView;

export interface WaitOptions {
  /** Milliseconds. */
  readonly timeoutMs: number;
  readonly as?: string;
  /** Called with each new state. */
  readonly onChange?: (image: ImageView) => void;
}

/**
 * Follows an image until it is processed, rejected or failed. One that came over Kafka is unknown at first, and an
 * API that restarts is asked again. Answers what was seen last when the time was up.
 */
export async function waitForImage(
  connection: Connection,
  id: string,
  { timeoutMs, as = 'engineering', onChange }: WaitOptions,
): Promise<ImageView | undefined> {
  const until = Date.now() + timeoutMs;
  let seen: ImageView | undefined;
  for (let pause = 50; ; pause = Math.min(1000, pause * 1.3)) {
    try {
      const image = await readImage(connection, id, as);
      if (image.status !== seen?.status) onChange?.(image);
      seen = image;
      if (isFinal(image)) return image;
    } catch (error) {
      const mayPass = !(error instanceof ApiError) || error.status === 404 || error.status >= 500;
      if (!mayPass || Date.now() > until) throw error;
    }
    if (Date.now() > until) return seen;
    await sleep(pause);
  }
}
