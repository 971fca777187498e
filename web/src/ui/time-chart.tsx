import { useCallback, useMemo } from 'preact/hooks';
import type uPlot from 'uplot';
import { formatDuration } from './format.ts';
import {
  axisLooks,
  compactTicks,
  fromZero,
  Plot,
  resolveColour,
  wholeIncrements,
  type Library,
} from './plot.tsx';

export interface TimeSeries {
  readonly label: string;
  /** One a time; null where nothing is known, which is drawn as a gap. */
  readonly values: readonly (number | null)[];
  readonly colour: 1 | 2 | 3 | 4;
  /** So that it shows where another line is below it. */
  readonly isDashed?: boolean;
  /** Of a value, for the legend. */
  readonly text: (value: number) => string;
}

/** Something that happened, drawn as a line from top to bottom with its number in the list beside the chart. */
export interface TimeMark {
  readonly seconds: number;
  readonly number: number;
  readonly colour: 1 | 2 | 3 | 4;
}

interface TimeChartProps {
  /** Seconds of the first and the last moment shown, whether something is known of them or not. */
  readonly range: readonly [from: number, to: number];
  readonly seconds: readonly number[];
  readonly series: readonly TimeSeries[];
  readonly marks: readonly TimeMark[];
  readonly unit: keyof typeof units;
  readonly label: string;
}

const minute = 60;
const hour = 60 * minute;

/** What a chart measures, and so the marks of its axis. */
const units = {
  events: { incrs: wholeIncrements, values: compactTicks },
  perSecond: { values: compactTicks },
  seconds: {
    incrs: [1, 5, 15, 30, minute, 5 * minute, 15 * minute, hour, 3 * hour, 6 * hour, 24 * hour],
    values: (_plot: uPlot, ticks: number[]) => ticks.map((tick) => formatDuration(tick * 1000)),
  },
} as const satisfies Record<string, uPlot.Axis>;

/** Pixels, without the legend. */
const height = 190;
/** Charts of one page show the same moment. */
const sync = 'times';

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const dayAndClock = new Intl.DateTimeFormat(undefined, {
  ...{ day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' },
});
const dayOf = (seconds: number): string => new Date(seconds * 1000).toDateString();

/** A moment of the axis; the first one of each day says its day below. */
function tickText(tick: number, before: number | undefined): string {
  const text = clock.format(tick * 1000);
  if (before !== undefined && dayOf(before) === dayOf(tick)) return text;
  return `${text}\n${new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' }).format(tick * 1000)}`;
}

/** A value between two gaps has no line: it is a point. */
const alone: uPlot.Series.Points.Filter = (plot, series) => {
  const isKnown = Array.from(plot.data[series] ?? [], (value) => typeof value === 'number');
  return isKnown.flatMap((known, at) => (known && !isKnown[at - 1] && !isKnown[at + 1] ? [at] : []));
};

/** Numbers nearer to each other than this cannot be read. CSS pixels. */
const nearest = 14;

function drawMarks(plot: uPlot, marks: readonly TimeMark[]): void {
  const { ctx, bbox } = plot;
  const ratio = devicePixelRatio;
  let free = -Infinity;
  ctx.save();
  ctx.font = `${11 * ratio}px sans-serif`;
  ctx.textAlign = 'center';
  ctx.lineWidth = ratio;
  ctx.setLineDash([4 * ratio, 3 * ratio]);
  for (const { seconds, number, colour } of marks) {
    const x = plot.valToPos(seconds, 'x', true);
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    ctx.strokeStyle = ctx.fillStyle = resolveColour(`--series-${colour}`);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    if (x < free) continue;
    ctx.fillText(String(number), x, bbox.top - 4 * ratio);
    free = x + nearest * ratio;
  }
  ctx.restore();
}

function optionsOf(
  { range, series, marks, unit }: Pick<TimeChartProps, 'range' | 'series' | 'marks' | 'unit'>,
  library: Library,
  width: number,
): uPlot.Options {
  const axis = axisLooks();
  return {
    ...{ width, height, legend: { live: true }, padding: [18, 20, null, null] },
    cursor: { sync: { key: library.sync(sync).key } },
    scales: { x: { time: true, range: [range[0], range[1]] }, y: { range: fromZero } },
    axes: [
      {
        ...{ ...axis, grid: { show: false }, space: 64 },
        values: (_plot, ticks) => ticks.map((tick, at) => tickText(tick, ticks[at - 1])),
      },
      { ...axis, ...units[unit], size: 64 },
    ],
    series: [
      {
        label: 'Time',
        value: (_plot, seconds) => (Number.isFinite(seconds) ? dayAndClock.format(seconds * 1000) : '–'),
      },
      ...series.map(({ label, colour, text, isDashed }): uPlot.Series => {
        const stroke = resolveColour(`--series-${colour}`);
        return {
          ...{ label, stroke, width: 2, points: { show: true, size: 4, fill: stroke, filter: alone } },
          ...(isDashed && { dash: [8, 5] }),
          value: (_plot, value: number | null) => (value === null ? '–' : text(value)),
        };
      }),
    ],
    hooks: { draw: [(plot) => drawMarks(plot, marks)] },
  };
}

/** A chart of figures that were measured over hours, with what was done meanwhile. */
export function TimeChart({ range, seconds, series, marks, unit, label }: TimeChartProps) {
  const draw = useCallback(
    (library: Library, width: number) => optionsOf({ range, series, marks, unit }, library, width),
    [range, series, marks, unit],
  );
  const data = useMemo(
    () => [[...seconds], ...series.map(({ values }) => [...values])] as uPlot.AlignedData,
    [seconds, series],
  );
  return <Plot options={draw} data={data} height={height} label={label} class="chart time-chart" />;
}
