import { useEffect, useRef, useState } from 'preact/hooks';
import type uPlot from 'uplot';

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

const css = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** A canvas does not know light-dark(): the browser resolves it on an element of the page. */
function resolve(name: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

type Library = typeof uPlot;

function options(
  library: Library,
  { days, series, kind, unit = 'day' }: ChartProps,
  width: number,
): uPlot.Options {
  const single = days.length === 1;
  const ink = resolve('--dim');
  const line = resolve('--line');
  const axis = {
    stroke: ink,
    grid: { stroke: line, width: 1 },
    ticks: { stroke: line },
    font: `12px ${css('--font')}`,
  };
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
      y: { range: (_plot, _min, max) => [0, max === 0 ? 1 : max * 1.08] },
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
        values: (_plot, ticks) => ticks.map((tick) => compact.format(tick)),
      },
    ],
    series: [
      {
        label: { day: 'Day', week: 'Week from', month: 'Month' }[unit],
        value: (_plot, seconds) =>
          Number.isFinite(seconds) ? (unit === 'month' ? monthName : dayName).format(seconds * 1000) : '–',
      },
      ...inDrawingOrder(series, kind).map(({ label, colour, values, texts }): uPlot.Series => {
        const stroke = resolve(`--series-${colour}`);
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

/** Marks of things that are counted: there is no half of one. */
const wholeIncrements = [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8].flatMap((ten) => [ten, 2 * ten, 5 * ten]);

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

const compact = new Intl.NumberFormat(undefined, { notation: 'compact', maximumFractionDigits: 1 });

/** A chart over days. Its library is fetched when the first chart is shown. */
export function Chart(props: ChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const [library, setLibrary] = useState<Library>();
  const [theme, setTheme] = useState(0);
  useEffect(() => {
    void import('./chart-library.ts').then(({ uPlot: loaded }) => setLibrary(() => loaded));
    const system = matchMedia('(prefers-color-scheme: dark)');
    const again = () => setTheme((n) => n + 1);
    system.addEventListener('change', again);
    addEventListener('darkroom-theme', again);
    return () => {
      system.removeEventListener('change', again);
      removeEventListener('darkroom-theme', again);
    };
  }, []);
  useEffect(() => {
    const node = box.current;
    if (!node || !library) return;
    const seconds = props.days.map((day) => Date.parse(`${day}T00:00:00Z`) / 1000);
    const data = [seconds, ...columnsOf(props)] as uPlot.AlignedData;
    const plot = new library(options(library, props, node.clientWidth), data, node);
    const observer = new ResizeObserver(() => plot.setSize({ width: node.clientWidth, height: chartHeight }));
    observer.observe(node);
    return () => {
      observer.disconnect();
      plot.destroy();
    };
  }, [library, theme, props.days, props.series, props.kind, props.unit]);
  return (
    <div class="chart" role="img" aria-label={props.label}>
      <div ref={box} />
    </div>
  );
}
