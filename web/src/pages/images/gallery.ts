import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { asApiError, type ApiError } from '../../../../client/api-error.ts';
import type { Image, ImagePage, ImageStatus } from '../../../../client/api-types.ts';
import { isSettled } from '../../../../client/image.ts';
import { ask } from '../../api/client.ts';
import { sessionResumed } from '../../session/session.ts';
import { leaveGallery, placeOnReturn, type Place, type ReadImages } from './gallery-place.ts';
import { getImage } from './get-image.ts';

const pageSize = 100;
/** Where all of a filter are asked for: as many as the service gives at once. */
const largePageSize = 200;
const periods = { busy: 2000, calm: 15_000 } as const;
/** Milliseconds in which an upload that was taken shows in the list at the latest, where the stream is not behind. */
const untilListed = 20_000;

interface Held extends ReadImages {
  readonly problem: ApiError | undefined;
}

const nothing: Held = { images: [], next: null, readAt: undefined, problem: undefined };

/** Newest first: the caller's own, or everybody's for engineering. */
const listImages = (
  status: ImageStatus | undefined,
  cursor?: string,
  limit: number = pageSize,
): Promise<ImagePage> =>
  ask((api) =>
    api.GET('/images', {
      params: { query: { limit, ...(status && { status }), ...(cursor !== undefined && { cursor }) } },
    }),
  );

/** With those of a further page that are not there yet. */
function withMore(before: readonly Image[], page: readonly Image[]): readonly Image[] {
  const inHand = new Set(before.map(({ id }) => id));
  return [...before, ...page.filter(({ id }) => !inHand.has(id))];
}

/**
 * The first page read again, laid over what was read before: new images come first, changed ones take their places,
 * and those that the page should have shown but does not are gone.
 */
function mergeFirstPage(
  before: readonly Image[],
  page: readonly Image[],
  isWhole: boolean,
): readonly Image[] {
  const last = page.at(-1);
  if (isWhole || !last) return page;
  const inPage = new Set(page.map(({ id }) => id));
  const older = before.filter(
    ({ id, uploadedAt }) =>
      !inPage.has(id) && (uploadedAt < last.uploadedAt || (uploadedAt === last.uploadedAt && id < last.id)),
  );
  return [...page, ...older];
}

/** Takes whoever came back to their place once as many images are there, and remembers the place that is left. */
function usePlace(place: Place | undefined, address: string, held: Held, loadMore: () => void) {
  const sought = useRef(place);
  const latest = useRef({ address, held });
  latest.current = { address, held };

  useEffect(() => {
    const { current } = sought;
    if (!current || held.readAt === undefined) return undefined;
    if (held.images.length < current.count && held.next !== null && held.problem === undefined) {
      loadMore();
      return undefined;
    }
    sought.current = undefined;
    // After the router, which begins a page at its top, and the browser, which guesses before the images are there.
    const frame = requestAnimationFrame(() => scrollTo(0, current.scrolled));
    return () => cancelAnimationFrame(frame);
  }, [held]);

  useLayoutEffect(() => {
    let scrolled = place?.scrolled ?? 0;
    // When the page goes, the window may be elsewhere already.
    const look = () => {
      if (sought.current === undefined) scrolled = scrollY;
    };
    const leave = () => leaveGallery(latest.current.address, scrolled, latest.current.held);
    addEventListener('scroll', look, { passive: true });
    addEventListener('pagehide', leave);
    return () => {
      removeEventListener('scroll', look);
      removeEventListener('pagehide', leave);
      leave();
    };
  }, []);
}

interface Shown {
  readonly status: ImageStatus | undefined;
  /** Of the page, with its filters. */
  readonly address: string;
  /** By a link to it, and not by the way back. */
  readonly isNewVisit: boolean;
}

/** The images, page by page as they are scrolled to, the newest kept fresh. */
export function useGallery(
  { status, address, isNewVisit }: Shown,
  arrivals: number,
  seen: (images: readonly Image[]) => void,
) {
  const [place] = useState(() => placeOnReturn(address, isNewVisit));
  const [held, setHeld] = useState<Held>({ ...nothing, ...place?.read });
  const loadingMore = useRef(false);
  const generation = useRef(0);
  const [expecting, setExpecting] = useState(false);
  const unsettled = useMemo(() => held.images.some((image) => !isSettled(image)), [held.images]);
  const busy = unsettled || expecting;

  useEffect(() => {
    if (arrivals === 0) return;
    setExpecting(true);
    const timer = setTimeout(() => setExpecting(false), untilListed);
    return () => clearTimeout(timer);
  }, [arrivals]);

  const refresh = async () => {
    const mine = generation.current;
    try {
      const page = await listImages(status);
      if (mine !== generation.current) return;
      seen(page.images);
      setHeld((now) => {
        const images = mergeFirstPage(now.images, page.images, page.next === null);
        const hasMore = images.length > page.images.length;
        return { images, next: hasMore ? now.next : page.next, readAt: new Date(), problem: undefined };
      });
    } catch (error) {
      if (mine === generation.current) setHeld((now) => ({ ...now, problem: asApiError(error) }));
    }
  };

  useEffect(() => {
    generation.current += 1;
    if (generation.current > 1) setHeld(nothing);
    void refresh();
  }, [status]);

  useEffect(() => {
    // The first that arrives is looked for at once, those behind it with the next look.
    if (busy) void refresh();
    const look = () => {
      if (document.visibilityState === 'visible') void refresh();
    };
    const timer = setInterval(look, busy ? periods.busy : periods.calm);
    addEventListener('online', look);
    addEventListener(sessionResumed, look);
    return () => {
      clearInterval(timer);
      removeEventListener('online', look);
      removeEventListener(sessionResumed, look);
    };
  }, [status, busy]);

  /** Reads pages behind those that are there: one, or all. Answers what is there then; undefined where that failed. */
  const loadPages = async (size: number, all: boolean): Promise<readonly Image[] | undefined> => {
    if (loadingMore.current) return undefined;
    loadingMore.current = true;
    const mine = generation.current;
    let { images, next } = held;
    try {
      while (next !== null) {
        const page = await listImages(status, next, size);
        if (mine !== generation.current) return undefined;
        seen(page.images);
        images = withMore(images, page.images);
        next = page.next;
        setHeld((now) => ({
          ...{ ...now, images: withMore(now.images, page.images) },
          ...{ next: page.next, problem: undefined },
        }));
        if (!all) break;
      }
      return images;
    } catch (error) {
      setHeld((now) => ({ ...now, problem: asApiError(error) }));
      return undefined;
    } finally {
      loadingMore.current = false;
    }
  };

  const loadMore = () => loadPages(pageSize, false);

  usePlace(place, address, held, () => void loadMore());

  /** Reads one image anew: the address of its picture has expired. */
  const renewImage = async (id: string) => {
    const image = await getImage(id).catch(() => undefined);
    if (!image) return;
    setHeld((now) => ({ ...now, images: now.images.map((one) => (one.id === id ? image : one)) }));
  };

  return { ...held, loadMore, loadAll: () => loadPages(largePageSize, true), refresh, renewImage };
}
