import { asApiError } from '../../../../client/api-error.ts';
import { getImage } from './get-image.ts';

/** Larger files are not read twice just to find out whether they were sent before. */
const maxBytes = 64 * 1024 * 1024;

const hex = (bytes: ArrayBuffer): string =>
  Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('');

/** SHA-256 of a file, hex; undefined where it is too large for that. */
export async function digestOf(file: Blob): Promise<string | undefined> {
  if (file.size > maxBytes) return undefined;
  return hex(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()));
}

interface Known {
  readonly imageId: string;
  /** When the image is erased, and this may be forgotten. */
  readonly until: number;
}

/** Which files this person has here already, by digest: remembered in the browser, believed only after asking. */
export function makeKnownDigests(personId: string, storage: Storage = localStorage) {
  const key = `darkroom.digests.${personId}`;
  const read = (): Record<string, Known> => JSON.parse(storage.getItem(key) ?? '{}') as Record<string, Known>;

  function remember(found: Iterable<readonly [digest: string, imageId: string, until: number]>): void {
    const now = Date.now();
    const kept = Object.entries(read()).filter(([, { until }]) => until > now);
    const known = Object.fromEntries(kept);
    for (const [digest, imageId, until] of found) known[digest] = { imageId, until };
    storage.setItem(key, JSON.stringify(known));
  }

  return {
    remember,

    /** The image with these bytes, if it is still there. */
    async find(digest: string): Promise<string | undefined> {
      const found = read()[digest];
      if (found === undefined) return undefined;
      try {
        const { status } = await getImage(found.imageId);
        return status === 'rejected' || status === 'failed' ? undefined : found.imageId;
      } catch (error) {
        if (asApiError(error).status === 404) return undefined;
        throw error;
      }
    },
  };
}

export type KnownDigests = ReturnType<typeof makeKnownDigests>;
