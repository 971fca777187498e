import type { LagMark, LagPoint } from '../../../../client/api-types.ts';
import type { TimeMark } from '../../ui/time-chart.tsx';

/** Points further apart than so many of their steps have a gap between them. */
const gap = 2.5;

export interface LagColumns {
  readonly seconds: readonly number[];
  readonly events: readonly (number | null)[];
  readonly ages: readonly (number | null)[];
  readonly came: readonly (number | null)[];
  readonly read: readonly (number | null)[];
}

const empty = { events: null, seconds: null, inPerSecond: null, outPerSecond: null };

/** Points as columns; where some are missing, one of which nothing is known stands in their place. */
export function lagColumns(points: readonly LagPoint[], everySeconds: number): LagColumns {
  const rows = points.flatMap((point, index) => {
    const at = Date.parse(point.at) / 1000;
    const before = points[index - 1];
    const since = before === undefined ? 0 : at - Date.parse(before.at) / 1000;
    const row = { ...point, at };
    return since > gap * everySeconds ? [{ ...empty, at: at - since + everySeconds }, row] : [row];
  });
  return {
    seconds: rows.map(({ at }) => at),
    events: rows.map(({ events }) => events),
    // While nothing waits, the oldest has waited for no time.
    ages: rows.map(({ events, seconds }) => (events === 0 ? 0 : seconds)),
    came: rows.map(({ inPerSecond }) => inPerSecond),
    read: rows.map(({ outPerSecond }) => outPerSecond),
  };
}

const colours: Readonly<Record<LagMark['kind'], TimeMark['colour']>> = {
  ...{ deployed: 2, started: 2, paused: 4, held: 1, resumed: 3 },
  ...{ moved: 4, 'made-anew': 1, 'rerun-stopped': 4 },
};

/** What may have touched a hub: what was done to its reader, and every host. */
export const marksOf = (marks: readonly LagMark[], hub: string): LagMark[] =>
  marks.filter((mark) => mark.hub === null || mark.hub === hub);

export const drawnMarks = (marks: readonly LagMark[]): TimeMark[] =>
  marks.map(({ at, kind }, index) => ({
    ...{ seconds: Date.parse(at) / 1000, number: index + 1 },
    colour: colours[kind],
  }));
