import { setTimeout as sleep } from 'node:timers/promises';
import { answerOf } from './api.ts';
import { ApiError } from './api-error.ts';
import type { ImageDetail } from './api-types.ts';
import { apiOf, type Connection } from './connection.ts';
import { isSettled } from './image.ts';

export interface WaitOptions {
  /** Milliseconds. */
  readonly timeoutMs: number;
  readonly as?: string;
  /** Called with each new state. */
  readonly onChange?: (image: ImageDetail) => void;
}

/**
 * Follows an image until it is processed, rejected or failed. One that came over Kafka is unknown at first, and an
 * API that restarts is asked again. Answers what was seen last when the time is up.
 */
export async function waitForImage(
  connection: Connection,
  id: string,
  { timeoutMs, as = 'engineering', onChange }: WaitOptions,
): Promise<ImageDetail | undefined> {
  const until = Date.now() + timeoutMs;
  const api = apiOf(connection, as);
  let seen: ImageDetail | undefined;
  for (let pause = 50; ; pause = Math.min(1000, pause * 1.3)) {
    try {
      const { data: image } = await answerOf(api.GET('/images/{id}', { params: { path: { id } } }));
      if (image.status !== seen?.status) onChange?.(image);
      seen = image;
      if (isSettled(image)) return image;
    } catch (error) {
      const mayPass = !(error instanceof ApiError) || error.status === 404 || error.isTransient;
      if (!mayPass || Date.now() > until) throw error;
    }
    if (Date.now() > until) return seen;
    await sleep(pause);
  }
}
