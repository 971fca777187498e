import { useCallback, useMemo } from 'preact/hooks';
import type uPlot from 'uplot';
import {
  axisLooks,
  compactTicks,
  fromZero,
  Plot,
  resolveColour,
  wholeIncrements,
  type Library,
} from './plot.tsx';

export interface Series {
  readonly label: string;
  readonly values: readonly number[];
  /** The values to the digit, for the legend; else `values` are shown. */
  readonly texts?: readonly string[];
  /** Which of the four colours of the theme. */
  readonly colour: 1 | 2 | 3 | 4;
}

interface ChartProps {
  /** Days `YYYY-MM-DD` of UTC, in order. */
  readonly days: readonly string[];
  readonly series: readonly Series[];
  readonly kind: 'bars' | 'lines' | 'stack';
  /** What begins on each of the days; `day` when left out. */
  readonly unit?: 'day' | 'week' | 'month';
  /** What the chart shows, for those who do not see it; the table beside it has the numbers. */
  readonly label: string;
}

function options(
  library: Library,
  { days, series, kind, unit = 'day' }: ChartProps,
  width: number,
): uPlot.Options {
  const single = days.length === 1;
  const axis = axisLooks();
  const bars = library.paths.bars!({ size: [0.7, 42], align: 0 });
  return {
    width,
    height: chartHeight,
    legend: { live: true },
    // Room for half of the last day's name.
    padding: [null, 20, null, null],
    cursor: { points: { show: kind === 'lines' } },
    tzDate: (seconds) => library.tzDate(new Date(seconds * 1000), 'Etc/UTC'),
    scales: {
      x: {
        time: true,
        // Of a single day uPlot would make a range of years.
        ...((kind !== 'lines' || single) && {
          range: (_plot, min, max) => [min - halfDay, (single ? min : max) + halfDay],
        }),
      },
      y: { range: fromZero },
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        incrs: dayIncrements,
        values: (_plot, ticks) => ticks.map((tick, at) => tickText(tick, ticks[at - 1])),
        space: 64,
      },
      {
        ...axis,
        ...(series.every(({ values }) => values.every(Number.isInteger)) && { incrs: wholeIncrements }),
        size: 64,
        values: compactTicks,
      },
    ],
    series: [
      {
        label: { day: 'Day', week: 'Week from', month: 'Month' }[unit],
        value: (_plot, seconds) =>
          Number.isFinite(seconds) ? (unit === 'month' ? monthName : dayName).format(seconds * 1000) : '–',
      },
      ...inDrawingOrder(series, kind).map(({ label, colour, values, texts }): uPlot.Series => {
        const stroke = resolveColour(`--series-${colour}`);
        const value: uPlot.Series.Value = (_plot, _value, _index, at) =>
          at === null ? '–' : (texts?.[at] ?? exact.format(values[at] ?? 0));
        return kind === 'lines'
          ? { label, stroke, value, width: 2, points: { show: single } }
          : { label, stroke, value, fill: stroke, paths: bars, points: { show: false } };
      }),
    ],
  };
}

/** Pixels, without the legend. */
const chartHeight = 370;

/** Seconds. */
const wholeDay = 86_400;
const halfDay = wholeDay / 2;

/** What may lie between two marks of the axis: whole days, weeks, then months and years as uPlot counts them. */
const dayIncrements = [1, 2, 3, 4, 7, 14, 30, 60, 90, 180, 365, 730].map((days) => days * wholeDay);

/** A stack is drawn from its highest bar to its lowest, each in front of the one before. */
const inDrawingOrder = (series: readonly Series[], kind: ChartProps['kind']): readonly Series[] =>
  kind === 'stack' ? series.toReversed() : series;

function columnsOf({ series, kind }: ChartProps): number[][] {
  if (kind !== 'stack') return series.map(({ values }) => [...values]);
  const sums = series.map((_, upTo) =>
    series[0]!.values.map((_value, at) =>
      series.slice(0, upTo + 1).reduce((sum, { values }) => sum + (values[at] ?? 0), 0),
    ),
  );
  return sums.toReversed();
}

const exact = new Intl.NumberFormat();
const dayTick = new Intl.DateTimeFormat(undefined, { timeZone: 'UTC', day: 'numeric', month: 'short' });
const dayName = new Intl.DateTimeFormat(undefined, { timeZone: 'UTC', dateStyle: 'medium' });
const monthName = new Intl.DateTimeFormat(undefined, { timeZone: 'UTC', month: 'long', year: 'numeric' });
const yearOf = (seconds: number): number => new Date(seconds * 1000).getUTCFullYear();

/** A mark of the axis; the first one and the first of each year say the year below. */
const tickText = (tick: number, before: number | undefined): string =>
  before !== undefined && yearOf(before) === yearOf(tick)
    ? dayTick.format(tick * 1000)
    : `${dayTick.format(tick * 1000)}\n${yearOf(tick)}`;

/** A chart over days. */
export function Chart({ days, series, kind, unit = 'day', label }: ChartProps) {
  const given = { days, series, kind, unit, label };
  const draw = useCallback(
    (library: Library, width: number) => options(library, given, width),
    [days, series, kind, unit],
  );
  const data = useMemo(() => {
    const seconds = days.map((day) => Date.parse(`${day}T00:00:00Z`) / 1000);
    return [seconds, ...columnsOf(given)] as uPlot.AlignedData;
  }, [days, series, kind]);
  return <Plot options={draw} data={data} height={chartHeight} label={label} />;
}
