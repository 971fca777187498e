import { countKeptFiles, forgetFiles, forgetFilesOfOthers } from './kept-files.ts';
import { forgetZips, forgetZipsOfOthers } from './kept-zips.ts';

/**
 * What the console keeps in this browser: files to upload and uploads to go on with, check-offs to send, digests of images, the theme,
 * for an hour at most a ZIP on its way to the downloads. It is a
 * person's, and the next one at this device shall find none of it.
 */

interface Kept {
  readonly uploads: number;
  readonly checkOffs: number;
}

const keysWith = (prefix: string): readonly string[] =>
  Object.keys(localStorage).filter((key) => key.startsWith(prefix));

const checkOffsIn = (key: string): number => {
  const { batches = [] } = JSON.parse(localStorage.getItem(key) ?? '{}') as {
    batches?: readonly { readonly orders: readonly unknown[] }[];
  };
  return batches.reduce((sum, { orders }) => sum + orders.length, 0);
};

/** Counts what has not reached the service yet. */
export async function waitingInBrowser(): Promise<Kept> {
  const begun = keysWith('tus::').length;
  return {
    // A file that was begun is kept too, unless the browser has no room for it.
    uploads: Math.max(begun, await countKeptFiles().catch(() => 0)),
    checkOffs: keysWith('darkroom.check-offs.').reduce((sum, key) => sum + checkOffsIn(key), 0),
  };
}

export function forgetAll(): void {
  localStorage.clear();
  forgetFiles();
  void forgetZips();
}

/** Of people who did not sign out. Their check-offs stay: these are work done, and name nobody. */
export function forgetOthers(personId: string): void {
  const others = [
    ...keysWith('tus::').filter((key) => !key.startsWith(`tus::darkroom/${personId}/`)),
    ...keysWith('darkroom.digests.').filter((key) => key !== `darkroom.digests.${personId}`),
    ...keysWith('darkroom.paused.').filter((key) => !key.startsWith(`darkroom.paused.${personId}.`)),
  ];
  for (const key of others) localStorage.removeItem(key);
  forgetFilesOfOthers(personId).catch(() => undefined);
  void forgetZipsOfOthers(personId);
}
