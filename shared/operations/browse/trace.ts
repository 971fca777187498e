import type { ViewRow } from '../../database/catalog/index.ts';
import type { Database } from '../../database/port.ts';
import { DarkroomError } from '../../platform/errors.ts';
import { deriveImageId } from '../../platform/image-id.ts';
import { hubs, type Hub } from '../../stream/hubs.ts';
import { deadLetterId } from '../dead-letters.ts';
import type { BrowseHub, BrowsePlace, BrowsedEvent, BrowseQuery } from './browse-hub.ts';
import type { EventFilter } from './event-filter.ts';
import type { EventPlace } from './event-view.ts';

/** One of: a record's place, what its CloudEvent is called, the key it had, or the image that became of it. */
export type TraceQuery =
  | {
      readonly by: 'place';
      readonly hub: Hub;
      readonly partition: string;
      readonly offset?: string | undefined;
      readonly sequenceNumber?: number | undefined;
    }
  | { readonly by: 'event'; readonly ceId: string; readonly ceSource?: string | undefined }
  | { readonly by: 'key'; readonly key: string }
  | { readonly by: 'image'; readonly imageId: string };

export interface Traced {
  readonly imageId: string;
  /** Undefined where nothing is known of it but its id, or it was erased. */
  readonly image: ViewRow<'operations', 'images'> | undefined;
  readonly isErased: boolean;
  /** Of its records that are still in the hub `image-stream`. */
  readonly records: readonly EventPlace[];
  readonly deadLetters: readonly string[];
}

export interface Trace {
  readonly images: readonly Traced[];
  /** Whether all of the hub that could hold it was looked at. */
  readonly complete: boolean;
  /** What was asked for leads to an image that was erased: no more is said. */
  readonly erased: boolean;
}

export interface TraceDependencies {
  readonly database: Database;
  readonly browse: BrowseHub;
  readonly erasedAmong: (imageIds: readonly string[]) => Promise<ReadonlySet<string>>;
}

/** A request has 230 seconds; somebody waits for this one. Milliseconds. */
const budgetMs = 45_000;
const maxImages = 50;
/** Clocks of producer, hub and service differ, and an upload is announced when it is complete. Milliseconds. */
const beforeMs = 5_000;
const maxFound = 200;

/** A set of chunks has more than one record. */
const isWhole = (found: readonly BrowsedEvent[]): boolean =>
  found.length > 0 && found.every(({ content }) => content?.form !== 'chunk');

const placeOf = ({ content: _content, ...place }: BrowsedEvent): EventPlace => place;

/** From a producer's record to the image that became of it, and back. */
export function makeTrace({ database, browse, erasedAmong }: TraceDependencies) {
  /** All events of `image-stream` from there on that pass, as far as the time for it goes. */
  async function search(
    from: BrowseQuery['from'],
    filter: EventFilter,
    isEnough: (found: readonly BrowsedEvent[]) => boolean = () => false,
  ): Promise<{ found: BrowsedEvent[]; complete: boolean }> {
    const until = Date.now() + budgetMs;
    const found: BrowsedEvent[] = [];
    let place: BrowsePlace | undefined;
    for (;;) {
      const page = await browse({
        ...{ hub: hubs.stream, filter, limit: maxFound },
        from: place === undefined ? from : { places: place },
      });
      found.push(...page.events);
      if (page.atEnd || isEnough(found)) return { found, complete: true };
      if (Date.now() > until || found.length >= maxFound) return { found, complete: false };
      place = page.next;
    }
  }

  async function tracedOf(imageId: string, records: readonly EventPlace[]): Promise<Traced> {
    const where = [{ column: 'image_id', operator: '=', value: imageId }] as const;
    const [[image], letters, erased] = await Promise.all([
      database.query('operations', 'images', { where }),
      database.query('operations', 'dead_letters', { where }),
      erasedAmong([imageId]),
    ]);
    const isErased = erased.has(imageId);
    return {
      ...{ imageId, isErased, image: isErased ? undefined : image },
      ...{ records, deadLetters: letters.map(deadLetterId) },
    };
  }

  const isKnown = ({ image, isErased, records, deadLetters }: Traced): boolean =>
    image !== undefined || isErased || records.length + deadLetters.length > 0;

  async function byImages(events: readonly BrowsedEvent[], complete: boolean): Promise<Trace> {
    const byId = Map.groupBy(
      events.filter(({ content }) => content?.imageId !== null && content !== null),
      ({ content }) => content!.imageId!,
    );
    const images = await Promise.all(
      [...byId].slice(0, maxImages).map(([imageId, some]) => tracedOf(imageId, some.map(placeOf))),
    );
    const all = complete && byId.size <= maxImages;
    return { images, complete: all, erased: images.some(({ isErased }) => isErased) };
  }

  async function byPlace(query: Extract<TraceQuery, { by: 'place' }>): Promise<Trace> {
    const { hub, partition, offset, sequenceNumber } = query;
    const from = sequenceNumber === undefined ? { offset: offset ?? '' } : { sequenceNumber };
    const { events } = await browse({ hub, partition, from, filter: {}, limit: 1 });
    const event = events.find((one) => one.offset === offset || one.sequenceNumber === sequenceNumber);
    if (event?.content === null) return { images: [], complete: true, erased: true };
    if (typeof event?.content.imageId === 'string') return byImages([event], true);
    // It has expired: what died is remembered for longer. Offsets are what dead letters know.
    const letters = await database.query('operations', 'dead_letters', {
      where: [
        { column: 'origin_hub', operator: '=', value: hub },
        { column: 'origin_partition', operator: '=', value: partition },
        { column: 'origin_offset', operator: '=', value: offset ?? event?.offset ?? '' },
      ],
    });
    const ids = [...new Set(letters.flatMap(({ image_id }) => image_id ?? []))];
    const images = await Promise.all(ids.map((id) => tracedOf(id, [])));
    return { images, complete: event !== undefined, erased: false };
  }

  async function byImage(imageId: string): Promise<Trace> {
    const known = await tracedOf(imageId, []);
    if (known.isErased) return { images: [known], complete: true, erased: true };
    const uploadedAt = known.image?.uploaded_at;
    const from =
      uploadedAt === undefined ? 'start' : { enqueuedOn: new Date(uploadedAt.getTime() - beforeMs) };
    const { found, complete } = await search(from, { imageId }, isWhole);
    const traced = { ...known, records: found.map(placeOf) };
    return { images: isKnown(traced) ? [traced] : [], complete, erased: false };
  }

  async function byKey(key: string): Promise<Trace> {
    const rows = await database.query('operations', 'images', {
      where: [{ column: 'owner', operator: '=', value: key }],
      orderBy: [
        ['uploaded_at', 'desc'],
        ['image_id', 'desc'],
      ],
      limit: maxImages,
    });
    const { found, complete } = await search('start', { key });
    const ids = new Set([
      // SQL Server finds an owner in any case of letters.
      ...rows.filter(({ owner }) => owner === key).map((row) => row.image_id),
      ...found.flatMap((one) => one.content?.imageId ?? []),
    ]);
    const images = [...ids]
      .slice(0, maxImages)
      .map((imageId) =>
        tracedOf(imageId, found.filter(({ content }) => content?.imageId === imageId).map(placeOf)),
      );
    return {
      images: await Promise.all(images),
      complete: complete && rows.length < maxImages,
      erased: false,
    };
  }

  async function byEvent({ ceId, ceSource }: Extract<TraceQuery, { by: 'event' }>): Promise<Trace> {
    if (ceSource !== undefined) return byImage(deriveImageId('cloudevent', ceSource, ceId));
    const { found, complete } = await search('start', { ceId });
    return byImages(found, complete);
  }

  return async (query: TraceQuery): Promise<Trace> => {
    switch (query.by) {
      case 'place':
        if (query.offset === undefined && query.sequenceNumber === undefined)
          throw new DarkroomError('invalid-value', 'Say the offset or the sequence number.');
        return byPlace(query);
      case 'event':
        return byEvent(query);
      case 'key':
        return byKey(query.key);
      case 'image':
        return byImage(query.imageId);
    }
  };
}
