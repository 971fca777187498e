import type { Image } from '../../../../client/api-types.ts';
import { isSettled } from '../../../../client/image.ts';
import { ask } from '../../api/client.ts';

/** Milliseconds between two questions, and ids in one of them. */
const periodMs = 2000;
const maxIds = 100;

type Listener = (image: Image) => void;

const listeners = new Map<string, Set<Listener>>();
let timer: ReturnType<typeof setTimeout> | undefined;

/** One question for all that is watched: a hundred files that are dropped at once are no hundred questions. */
async function look() {
  // Whoever waits longest is asked about first; the next hundred have their turn after that.
  const ids = [...listeners.keys()].slice(0, maxIds);
  if (ids.length === 0) {
    timer = undefined;
    return;
  }
  const answer = await ask((api) => api.GET('/images', { params: { query: { ids } } })).catch(
    () => undefined,
  );
  for (const image of answer?.images ?? []) {
    const told = listeners.get(image.id);
    if (isSettled(image)) listeners.delete(image.id);
    for (const tell of told ?? []) tell(image);
  }
  for (const id of ids) {
    const waiting = listeners.get(id);
    if (waiting && listeners.delete(id)) listeners.set(id, waiting);
  }
  timer = listeners.size === 0 ? undefined : setTimeout(() => void look(), periodMs);
}

/** Tells of the image again and again until nothing more happens to it. Answers how to stop. */
export function watchImage(id: string, tell: Listener): () => void {
  const told = listeners.get(id) ?? new Set();
  listeners.set(id, told.add(tell));
  timer ??= setTimeout(() => void look(), periodMs / 4);
  return () => {
    told.delete(tell);
    if (told.size === 0 && listeners.get(id) === told) listeners.delete(id);
  };
}
