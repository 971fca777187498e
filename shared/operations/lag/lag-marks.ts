import type { ViewRow } from '../../database/catalog/index.ts';
import { minute } from '../../platform/clock.ts';
import type { Start } from './lag-log.ts';

/** What may explain a bend of a curve. */
export const markKinds = [
  'deployed',
  'started',
  'paused',
  'held',
  'resumed',
  'moved',
  'made-anew',
  'rerun-stopped',
] as const;

export interface LagMark {
  readonly at: Date;
  readonly kind: (typeof markKinds)[number];
  /** Whose reader; null for a host. */
  readonly hub: string | null;
  /** What the host runs, and of which version; null for a reader. */
  readonly services: string | null;
  readonly version: string | null;
  /** How often within a few minutes: instances of a host, partitions of a hub. */
  readonly count: number;
}

type Change = Pick<ViewRow<'operations', 'reader_changes'>, 'hub' | 'action' | 'at'>;

/** Topics of changes of readers that a mark is made of. */
export const markedTopics = ['pause', 'position', 'rerun'] as const;

const kinds: Readonly<Record<string, LagMark['kind']>> = {
  ...{ paused: 'paused', held: 'held', resumed: 'resumed' },
  ...{ moved: 'moved', restarted: 'made-anew', stopped: 'rerun-stopped' },
};

/** One thing that was done to several partitions, or came to several instances. Milliseconds. */
const togetherMs = 5 * minute;

const keyOf = ({ kind, hub, services, version }: LagMark): string => [kind, hub, services, version].join('/');

function merged(marks: readonly LagMark[]): LagMark[] {
  const found: LagMark[] = [];
  for (const mark of marks) {
    const same = found.findLastIndex((one) => keyOf(one) === keyOf(mark));
    const before = found[same];
    if (before !== undefined && mark.at.getTime() - before.at.getTime() < togetherMs)
      found[same] = { ...before, count: before.count + 1 };
    else found.push(mark);
  }
  return found;
}

/** Who did it and why is with the readers; a mark says neither. */
export function lagMarks(starts: readonly Start[], changes: readonly Change[]): LagMark[] {
  const ofHosts = starts.map(({ at, started: { services, version, isNew } }): LagMark => {
    const kind = isNew ? 'deployed' : 'started';
    return { at, kind, hub: null, services, version, count: 1 };
  });
  const ofReaders = changes.flatMap(({ hub, action, at }): LagMark[] => {
    const kind = kinds[action];
    return kind === undefined ? [] : [{ at, kind, hub, services: null, version: null, count: 1 }];
  });
  return merged([...ofHosts, ...ofReaders].sort((one, other) => one.at.getTime() - other.at.getTime()));
}
