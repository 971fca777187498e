import { signal } from '@preact/signals';
import type { Image } from '../../../../client/api-types.ts';
import { session } from '../../session/session.ts';
import { makeKnownDigests, type KnownDigests } from './digests.ts';
import { makeUploadQueue, type UploadQueue } from './upload-queue.ts';

/** Rises with each file that arrives, so that the gallery looks at once. */
export const arrivals = signal(0);

interface Uploads {
  readonly queue: UploadQueue;
  readonly known: KnownDigests;
}

const byPerson = new Map<string, Uploads>();

/** A person's uploads; they go on while another page is looked at. */
export function uploadsOf(personId: string): Uploads {
  const found = byPerson.get(personId);
  if (found) return found;
  const known = makeKnownDigests(personId);
  const queue = makeUploadQueue(personId, known, () => {
    arrivals.value += 1;
  });
  addEventListener('beforeunload', (event) => {
    const now = session.peek();
    const isHere = 'person' in now && now.person.id === personId;
    if (isHere && queue.unfinished.peek() > 0) event.preventDefault();
  });
  const made = { queue, known };
  byPerson.set(personId, made);
  return made;
}

export const rememberDigests = (known: KnownDigests, images: readonly Image[]): void =>
  known.remember(
    images.flatMap(({ sha256, id, deleteAt }) =>
      sha256 === null ? [] : [[sha256, id, Date.parse(deleteAt)] as const],
    ),
  );

/** Uploads that an earlier visit did not finish, as the tus client remembers them in this browser. */
export interface Unfinished {
  readonly storageKey: string;
  readonly name: string;
  readonly bytes: number | null;
  readonly url: string;
}

const prefix = (personId: string) => `tus::darkroom/${personId}/`;

export function unfinishedUploads(personId: string): readonly Unfinished[] {
  return Object.keys(localStorage)
    .filter((key) => key.startsWith(prefix(personId)))
    .flatMap((storageKey) => {
      const kept = JSON.parse(localStorage.getItem(storageKey) ?? '{}') as {
        size?: number | null;
        uploadUrl?: string;
        metadata?: { filename?: string };
      };
      if (kept.uploadUrl === undefined) return [];
      return [
        {
          storageKey,
          name: kept.metadata?.filename ?? 'A file',
          bytes: kept.size ?? null,
          url: kept.uploadUrl,
        },
      ];
    });
}

export const forgetUnfinished = (one: Unfinished): void => localStorage.removeItem(one.storageKey);
