import { ApiError } from './api-error.ts';
import { answerOf, type Api } from './api.ts';
import type { ShadowRow } from './api-types.ts';

export type ShadowedRow = ShadowRow & { readonly imageId: string };

export interface ShadowStep {
  readonly done: number;
  readonly total: number;
  /** Why the image was left out; null where it was compared. */
  readonly skipped: string | null;
  readonly rows: readonly ShadowedRow[];
}

const pageSize = 200;
const withBytes = ['stored', 'processed', 'failed'];
const retryMs = 2_000;
const maxTries = 30;

/** The last images that have bytes, newest first. */
async function lastStored(api: Api, last: number, signal: AbortSignal): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const query = { limit: pageSize, ...(cursor !== undefined && { cursor }) };
    const { data } = await answerOf(api.GET('/images', { params: { query }, signal }));
    ids.push(...data.images.filter(({ status }) => withBytes.includes(status)).map(({ id }) => id));
    cursor = data.next ?? undefined;
  } while (cursor !== undefined && ids.length < last);
  return ids.slice(0, last);
}

/** While others use the sandbox it is asked again. */
async function shadow(api: Api, imageId: string, signal: AbortSignal) {
  for (let tries = 1; ; tries += 1) {
    try {
      return (await answerOf(api.POST('/operations/sandbox/shadows', { body: { imageId }, signal }))).data;
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 503 || tries === maxTries) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, retryMs));
    signal.throwIfAborted();
  }
}

/**
 * Runs candidates over the last stored images, one after the other, and tells what differs in each. Nothing is kept anywhere: to
 * stop it is to abort it.
 */
export async function* shadowRun(api: Api, last: number, signal: AbortSignal): AsyncGenerator<ShadowStep> {
  const ids = await lastStored(api, last, signal);
  const total = ids.length;
  yield { done: 0, total, skipped: null, rows: [] };
  for (const [index, imageId] of ids.entries()) {
    const { skipped, rows } = await shadow(api, imageId, signal);
    yield { done: index + 1, total, skipped, rows: rows.map((row) => ({ ...row, imageId })) };
  }
}
