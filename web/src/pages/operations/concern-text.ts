import type { Concern, Health } from '../../../../client/api-types.ts';
import { formatCount, plural } from '../../ui/format.ts';
import { addressOf } from './dead-letter-query.ts';

type Kind = Concern['kind'];
export type UnfinishedState = 'failed' | 'stored' | 'erasure';

/** What is said of one concern, and where exactly that is to be seen. */
export interface Said {
  readonly text: string;
  /** A code in the place of words. */
  readonly code?: string;
  readonly href: string;
  readonly since: string | null;
}

/** The API counts no further. */
const maxCounted = 1000;

const ofImages: ReadonlySet<Kind> = new Set(['dead-letters', 'failed', 'stored', 'erasure-late']);

export const unfinishedAddress = (state: UnfinishedState): string => `/operations?part=images&state=${state}`;
const lagAddress = (hub: string): string => `/operations?part=lag&hub=${hub}`;

const some = (count: number): string =>
  count >= maxCounted ? `${formatCount(count)} or more` : formatCount(count);
const health = '#health';

const said: Readonly<Record<Kind, (of: string, count: number) => Omit<Said, 'since'>>> = {
  'dead-letters': (code, count) => ({
    ...{ text: formatCount(count), code, href: addressOf({ show: 'open', code }) },
  }),
  failed: (_of, count) => ({
    ...{ text: `${some(count)} failed without a dead letter`, href: unfinishedAddress('failed') },
  }),
  stored: (_of, count) => ({
    ...{ text: `${some(count)} waiting for over ten minutes`, href: unfinishedAddress('stored') },
  }),
  'erasure-late': (_of, count) => ({
    ...{ text: `${some(count)} not erased in time`, href: unfinishedAddress('erasure') },
  }),
  'events-lost': (of, count) =>
    of === 'events-expired'
      ? {
          text: `events expired unread, ${plural(count, 'time', 'times')}`,
          href: addressOf({ show: 'open', code: of }),
        }
      : { text: `${plural(count, 'event', 'events')} of ${of} expired unread`, href: lagAddress(of) },
  'reader-held': (hub) => ({ text: `the reader of ${hub} is held`, href: '#readers' }),
  'reader-paused': (hub) => ({ text: `the reader of ${hub} is paused`, href: '#readers' }),
  'reader-late': (hub, count) => ({
    ...{ text: `${plural(count, 'event waits', 'events wait')} in ${hub}`, href: lagAddress(hub) },
  }),
  'run-waits': (of) => ({ text: `a bulk run waits for ${of}`, href: '/operations?part=dead-letters' }),
  'outcomes-late': (_of, count) => ({
    ...{ text: `${plural(count, 'outcome', 'outcomes')} not told to senders`, href: health },
  }),
  'receipts-late': (_of, count) => ({
    ...{ text: `${some(count)} receipts without a checkpoint`, href: '/operations?part=erasures' },
  }),
  'export-late': (table, count) => ({
    text:
      table !== ''
        ? `the export of ${table} is late`
        : count === 0
          ? 'nothing was exported to the lake yet'
          : `the exports of ${formatCount(count)} tables are late`,
    href: '#exports',
  }),
  'replica-late': () => ({ text: 'the replica that answers figures is behind', href: health }),
  'clock-differs': () => ({ text: 'a machine’s clock differs by over an hour', href: health }),
  'not-known': (of) => ({ text: `${of} could not be looked at`, href: health }),
};

export interface Summary {
  /** Undefined when nothing needs anybody. */
  readonly headline: string | undefined;
  readonly said: readonly Said[];
}

const needs = (count: number): string => (count === 1 ? 'needs' : 'need');

function headlineOf(images: number, others: number): string | undefined {
  if (images + others === 0) return undefined;
  const more = images === 0 ? '' : 'more ';
  const things = `${others} ${more}${others === 1 ? 'thing' : 'things'}`;
  const ofImages = images === 1 ? '1 image' : `${formatCount(images)} images`;
  if (others === 0) return `${ofImages} ${needs(images)} attention`;
  if (images === 0) return `${things} ${needs(others)} attention`;
  return `${ofImages} and ${things} need attention`;
}

/** All that needs somebody, in one sentence. */
export function summaryOf(concerns: readonly Concern[], checks: Health['checks']): Summary {
  const unhealthy = checks.filter(({ status }) => status !== 'healthy');
  const images = concerns.filter(({ kind }) => ofImages.has(kind));
  const count = images.reduce((sum, one) => sum + (one.count ?? 0), 0);
  return {
    headline: headlineOf(count, concerns.length - images.length + unhealthy.length),
    said: [
      ...concerns.map(({ kind, of, count, since }) => ({ ...said[kind](of ?? '', count ?? 0), since })),
      ...unhealthy.map(({ name }) => ({ text: `${name} does not answer`, href: health, since: null })),
    ],
  };
}
