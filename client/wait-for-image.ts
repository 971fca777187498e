import { setTimeout as sleep } from 'node:timers/promises';
import { answerOf } from './api.ts';
import { ApiError } from './api-error.ts';
import type { Image, ImageDetail } from './api-types.ts';
import { apiOf, type Connection } from './connection.ts';
import { isSettled } from './image.ts';

export interface WaitOptions {
  /** Milliseconds. */
  readonly timeoutMs: number;
  readonly as?: string;
  /** Called with each new state. */
  readonly onChange?: (image: ImageDetail) => void;
}

/** Ids in one request. */
const maxIds = 100;
const longestPauseMs = 1000;

/** How long to wait before the next question; throws what time does not mend. */
function pauseAfter(error: unknown, pauseMs: number): number {
  if (!(error instanceof ApiError) || error.status === 404) return pauseMs;
  if (!error.isTransient) throw error;
  const { retryAfterSeconds } = error.details;
  return typeof retryAfterSeconds === 'number' ? retryAfterSeconds * 1000 : pauseMs;
}

/** Asks until `look` answers true or the time is up, less and less often. Throws what time does not mend. */
async function until(timeoutMs: number, look: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + timeoutMs;
  for (let pause = 50; ; pause = Math.min(longestPauseMs, pause * 1.3)) {
    let wait = pause;
    try {
      if (await look()) return;
    } catch (error) {
      if (Date.now() > end) {
        // What is still unknown was never seen: that is the answer.
        if (error instanceof ApiError && error.status === 404) return;
        throw error;
      }
      wait = pauseAfter(error, pause);
    }
    if (Date.now() > end) return;
    await sleep(wait);
  }
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
  const api = apiOf(connection, as);
  let seen: ImageDetail | undefined;
  await until(timeoutMs, async () => {
    const { data: image } = await answerOf(api.GET('/images/{id}', { params: { path: { id } } }));
    if (image.status !== seen?.status) onChange?.(image);
    seen = image;
    return isSettled(image);
  });
  return seen;
}

/** Follows many images with one question for all of them; answers what was seen last of each, by id. */
export async function waitForImages(
  connection: Connection,
  ids: readonly string[],
  { timeoutMs, as = 'engineering' }: Omit<WaitOptions, 'onChange'>,
): Promise<ReadonlyMap<string, Image>> {
  const api = apiOf(connection, as);
  const seen = new Map<string, Image>();
  const open = () => ids.filter((id) => !isSettled(seen.get(id) ?? { status: 'received' }));
  await until(timeoutMs, async () => {
    const asked = open();
    for (let from = 0; from < asked.length; from += maxIds) {
      const some = asked.slice(from, from + maxIds);
      const { data } = await answerOf(api.GET('/images', { params: { query: { ids: some } } }));
      for (const image of data.images) seen.set(image.id, image);
    }
    return open().length === 0;
  });
  return seen;
}
