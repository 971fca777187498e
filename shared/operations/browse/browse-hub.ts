import type { PartitionProperties } from '@azure/event-hubs';
import { DarkroomError } from '../../platform/errors.ts';
import type { HubReader, ReadStart } from '../../stream/hub-reader.ts';
import type { Hub } from '../../stream/hubs.ts';
import { receivedRecord } from '../../stream/received-record.ts';
import { isByPlaceOnly, passes, type EventFilter } from './event-filter.ts';
import { readEvent, type EventContent, type EventPlace, type ReadEvent } from './event-view.ts';

/** `content` is null where the image was erased: nothing that the event says is shown then. */
export type BrowsedEvent = EventPlace & { readonly content: EventContent | null };

/** Where reading begins: `end` shows the newest. */
export type BrowseStart = ReadStart | 'start' | 'end';

/** By partition, the next sequence number to look at. */
export type BrowsePlace = Readonly<Record<string, number>>;

export interface BrowseQuery {
  readonly hub: Hub;
  /** All of them when it is left out. */
  readonly partition?: string | undefined;
  readonly from: BrowseStart | BrowsePlaces;
  readonly filter: EventFilter;
  readonly limit: number;
}

/** To go on where another look ended. */
export interface BrowsePlaces {
  readonly places: BrowsePlace;
}

export interface BrowsePage {
  readonly events: readonly BrowsedEvent[];
  readonly next: BrowsePlace;
  readonly scanned: number;
  /** Nothing was behind what was looked at. */
  readonly atEnd: boolean;
}

export interface BrowseDependencies {
  readonly reader: HubReader;
  /** Those of these images that were erased, or are being erased. */
  readonly erasedAmong: (imageIds: readonly string[]) => Promise<ReadonlySet<string>>;
}

/** What one look costs at most, in all partitions together. */
const limits = { maxEvents: 4_000, maxBytes: 64 * 1024 * 1024, maxMs: 15_000 } as const;

interface Scan {
  readonly events: readonly ReadEvent[];
  readonly next: number;
  readonly atEnd: boolean;
}

/** The newest ones as they are; with a filter, of as many as one look takes, in their order. */
const isNewest = ({ from, filter }: BrowseQuery): boolean =>
  from === 'end' && Object.values(filter).every((value) => value === undefined);

function startIn(partition: PartitionProperties, query: BrowseQuery, share: number): ReadStart {
  const { beginningSequenceNumber: first, lastEnqueuedSequenceNumber: last, partitionId } = partition;
  const { from, limit } = query;
  if (from === 'start') return { sequenceNumber: first };
  const window = isNewest(query) ? limit : Math.floor(limits.maxEvents / share);
  if (from === 'end') return { sequenceNumber: Math.max(first, last - window + 1) };
  if (!('places' in from)) return from;
  // What expired meanwhile is passed over.
  return { sequenceNumber: Math.max(from.places[partitionId] ?? last + 1, first) };
}

/** Looks into hubs as a reader of nobody's group: it takes nothing away and leaves no checkpoint. */
export function makeBrowseHub({ reader, erasedAmong }: BrowseDependencies) {
  async function scan(partition: PartitionProperties, query: BrowseQuery, share: number): Promise<Scan> {
    const { hub } = query;
    const events: ReadEvent[] = [];
    const until = Date.now() + limits.maxMs;
    let bytes = 0;
    await reader.read(hub, partition, startIn(partition, query, share), (event) => {
      const read = readEvent(receivedRecord(hub, partition.partitionId, event));
      events.push(read);
      bytes += read.bytes;
      return (
        events.length >= limits.maxEvents / share || bytes >= limits.maxBytes / share || Date.now() > until
      );
    });
    const last = events.at(-1)?.sequenceNumber;
    const end = partition.lastEnqueuedSequenceNumber;
    return { events, next: (last ?? end) + 1, atEnd: last === undefined || last >= end };
  }

  async function shownOf(events: readonly ReadEvent[], filter: EventFilter): Promise<BrowsedEvent[]> {
    const ids = events.flatMap(({ imageId }) => imageId ?? []);
    const erased = ids.length === 0 ? new Set<string>() : await erasedAmong([...new Set(ids)]);
    return events.flatMap((event): BrowsedEvent[] => {
      const { hub, partition, offset, sequenceNumber, enqueuedAt, bytes, ...content } = event;
      const place = { hub, partition, offset, sequenceNumber, enqueuedAt, bytes };
      if (content.imageId === null || !erased.has(content.imageId))
        return passes(event, filter) ? [{ ...place, content }] : [];
      // To find it by what it says would tell what it says.
      return isByPlaceOnly(filter) && passes(event, filter) ? [{ ...place, content: null }] : [];
    });
  }

  async function partitionsOf({ hub, partition }: BrowseQuery): Promise<PartitionProperties[]> {
    const all = await reader.partitions(hub);
    const wanted = all.filter(({ partitionId }) => partition === undefined || partitionId === partition);
    if (wanted.length > 0) return wanted;
    const ids = all.map(({ partitionId }) => partitionId).join(', ');
    throw new DarkroomError('invalid-value', `${hub} has no partition ${partition}; it has ${ids}.`);
  }

  const oldestFirst = (a: EventPlace, b: EventPlace): number =>
    a.enqueuedAt.localeCompare(b.enqueuedAt) ||
    Number(a.partition) - Number(b.partition) ||
    a.sequenceNumber - b.sequenceNumber;

  return async (query: BrowseQuery): Promise<BrowsePage> => {
    const partitions = await partitionsOf(query);
    const scans = await Promise.all(partitions.map((one) => scan(one, query, partitions.length)));
    const found = (
      await shownOf(
        scans.flatMap(({ events }) => events),
        query.filter,
      )
    ).sort(oldestFirst);
    const events = isNewest(query) ? found.slice(-query.limit) : found.slice(0, query.limit);
    const left = isNewest(query) ? [] : found.slice(query.limit);
    const next = partitions.map(({ partitionId }, index) => {
      const firstLeft = left.find(({ partition }) => partition === partitionId);
      return [partitionId, firstLeft?.sequenceNumber ?? scans[index]!.next] as const;
    });
    return {
      events,
      next: Object.fromEntries(next),
      scanned: scans.reduce((sum, one) => sum + one.events.length, 0),
      atEnd: left.length === 0 && scans.every(({ atEnd }) => atEnd),
    };
  };
}

export type BrowseHub = ReturnType<typeof makeBrowseHub>;
