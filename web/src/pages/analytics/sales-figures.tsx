import { useMemo } from 'preact/hooks';
import type { DayRange, SalesAnswer, SalesBy, SalesRow, SalesSums } from '../../../../client/api-types.ts';
import { ask } from '../../api/client.ts';
import { Chart, type Series } from '../../ui/chart.tsx';
import { formatCount, formatDay, formatMoney, formatMonth, formatWeight } from '../../ui/format.ts';
import { Segmented } from '../../ui/segmented.tsx';
import { Tile } from '../../ui/tile.tsx';
import { useRemote } from '../../ui/use-remote.ts';
import { FiguresTable, type FigureColumn } from './figures-table.tsx';
import { membershipNames } from './names.ts';
import { Panel } from './panel.tsx';
import { RankedBars } from './ranked-bars.tsx';
import { linesOf, type Line } from './sales-lines.ts';
import {
  bys,
  comparisons,
  earlierRange,
  firstDayOf,
  incompleteness,
  measures,
  type Measure,
  type SalesView,
} from './sales-view.ts';

const textOf = (sums: SalesSums, measure: Measure): string => {
  if (measure === 'orders') return formatCount(sums.orders);
  return measure === 'totalPrice' ? formatMoney(sums.totalPrice) : formatWeight(sums.totalWeight);
};

const nameOf = ({ key, label }: SalesRow, by: SalesBy): string => {
  if (by === 'membership') return membershipNames[label] ?? label;
  if (by === 'day' || by === 'week') return formatDay(key);
  return by === 'month' ? formatMonth(key) : label;
};

const percent = new Intl.NumberFormat(undefined, {
  style: 'percent',
  signDisplay: 'exceptZero',
  maximumFractionDigits: 1,
});

/** `+12.5% against 3,210`; nothing where there is nothing to compare with. */
function changeText(now: SalesSums, before: SalesSums | undefined, measure: Measure): string | undefined {
  if (before === undefined) return undefined;
  const [is, was] = [Number(now[measure]), Number(before[measure])];
  return was === 0 ? 'none before' : `${percent.format(is / was - 1)} against ${textOf(before, measure)}`;
}

const firstColumn = (answer: SalesAnswer): FigureColumn<Line> => ({
  name: { day: 'Day (UTC)', week: 'Week from', month: 'Month', product: 'Product', membership: 'Membership' }[
    answer.by
  ],
  type: answer.by === 'day' || answer.by === 'week' ? 'date' : 'text(500)',
  whole: answer.by !== 'product',
  value: ({ key, label }) => (answer.by === 'product' || answer.by === 'membership' ? label : key),
  shown(row) {
    const said = incompleteness(row.key, answer.by, answer.range, answer.asOf);
    return (
      <>
        {nameOf(row, answer.by)}
        {said !== undefined && <small class="dim"> {said}</small>}
      </>
    );
  },
});

const sumColumns: readonly FigureColumn<Line>[] = [
  {
    name: 'Orders',
    type: 'bigint',
    value: ({ orders }) => orders,
    shown: ({ orders }) => formatCount(orders),
  },
  {
    name: 'Items',
    type: 'bigint',
    value: ({ quantity }) => quantity,
    shown: ({ quantity }) => formatCount(quantity),
  },
  {
    name: 'Price',
    type: 'decimal(19,4)',
    value: ({ totalPrice }) => totalPrice,
    shown: ({ totalPrice }) => formatMoney(totalPrice),
  },
  {
    name: 'Weight',
    type: 'decimal(19,3)',
    value: ({ totalWeight }) => totalWeight,
    shown: ({ totalWeight }) => formatWeight(totalWeight),
  },
];

const types = { totalPrice: 'decimal(19,4)', totalWeight: 'decimal(19,3)', orders: 'bigint' } as const;

const beforeColumns = (measure: Measure): readonly FigureColumn<Line>[] => [
  {
    name: `${measures.find(([one]) => one === measure)![1]} before`,
    type: types[measure],
    value: ({ before }) => before?.[measure] ?? null,
    shown: ({ before }) => (before ? textOf(before, measure) : '–'),
  },
];

function Picture({ lines, answer, measure, compared }: PictureProps) {
  const { by } = answer;
  const name = measures.find(([one]) => one === measure)![1];
  const days = useMemo(() => lines.map(({ key }) => firstDayOf(key, by)), [lines]);
  const series = useMemo<readonly Series[]>(() => {
    const now: Series = {
      label: name,
      colour: 1,
      values: lines.map((row) => Number(row[measure])),
      texts: lines.map((row) =>
        [textOf(row, measure), incompleteness(row.key, by, answer.range, answer.asOf)].join(' ').trim(),
      ),
    };
    const before: Series = {
      label: `${name} before`,
      colour: 2,
      values: lines.map((row) => Number(row.before?.[measure] ?? 0)),
      texts: lines.map((row) => (row.before ? textOf(row.before, measure) : '–')),
    };
    return compared ? [now, before] : [now];
  }, [lines, measure, compared]);
  const label = `${name} of sales by ${by}`;
  if (by === 'product' || by === 'membership') {
    const bars = lines.map((row) => ({
      key: row.key,
      name: nameOf(row, by),
      size: Number(row[measure]),
      text: textOf(row, measure),
    }));
    return <RankedBars label={label} bars={bars} />;
  }
  return <Chart kind={compared ? 'lines' : 'bars'} days={days} unit={by} series={series} label={label} />;
}

interface PictureProps {
  readonly lines: readonly Line[];
  readonly answer: SalesAnswer;
  readonly measure: Measure;
  readonly compared: boolean;
}

function Totals({ now, before, range }: { now?: SalesSums; before?: SalesSums; range?: DayRange }) {
  const tile = (label: string, measure: Measure) => (
    <Tile label={label} note={now && changeText(now, before, measure)}>
      {now ? textOf(now, measure) : '–'}
    </Tile>
  );
  return (
    <>
      <div class="tiles" data-testid="sales-totals">
        {tile('Orders', 'orders')}
        <Tile label="Items">{now ? formatCount(now.quantity) : '–'}</Tile>
        {tile('Price', 'totalPrice')}
        {tile('Weight', 'totalWeight')}
      </div>
      {range && (
        <p class="dim compared" data-testid="compared">
          Compared with {formatDay(range.from)} to {formatDay(range.to)}.
        </p>
      )}
    </>
  );
}

const salesOf = (range: DayRange, by: SalesBy, signal: AbortSignal): Promise<SalesAnswer> =>
  ask((api) => api.GET('/analytics/sales', { params: { query: { ...range, by } }, signal }));

/** What was sold in a range of days, by period, product or membership, beside what was sold before. */
export function SalesFigures({ view, onView }: { view: SalesView; onView: (view: SalesView) => void }) {
  const { range, by, measure, comparison } = view;
  const compareWith = earlierRange(range, comparison);
  const remote = useRemote(`${range.from}.${range.to}.${by}.${comparison}`, async (signal) => {
    const [now, before] = await Promise.all([
      salesOf(range, by, signal),
      compareWith && salesOf(compareWith, by, signal),
    ]);
    return { ...now, before, comparison };
  });
  const { data } = remote;
  const lines = useMemo(() => (data ? linesOf(data, data.before, data.comparison) : []), [data]);
  const compared = data?.before !== undefined;
  return (
    <>
      <Totals
        {...(data && { now: data.totals })}
        {...(data?.before && { before: data.before.totals, range: data.before.range })}
      />
      <Panel
        title="Sales"
        remote={remote}
        isEmpty={data !== undefined && lines.length === 0}
        tools={
          <>
            <Segmented
              label="By"
              options={bys}
              value={by}
              onChange={(next) => onView({ ...view, by: next })}
            />
            <Segmented
              label="Shown"
              options={measures}
              value={measure}
              onChange={(next) => onView({ ...view, measure: next })}
            />
            <Segmented
              label="Compare with"
              options={comparisons}
              value={comparison}
              onChange={(next) => onView({ ...view, comparison: next })}
            />
          </>
        }
      >
        {data && (
          <div class="chart-and-table">
            <Picture lines={lines} answer={data} measure={measure} compared={compared} />
            <FiguresTable
              caption={`Sales by ${data.by}`}
              columns={[firstColumn(data), ...sumColumns, ...(compared ? beforeColumns(measure) : [])]}
              rows={data.by === 'product' || data.by === 'membership' ? lines : lines.toReversed()}
              keyOf={({ key }) => key}
              footer={[
                'Together',
                formatCount(data.totals.orders),
                formatCount(data.totals.quantity),
                formatMoney(data.totals.totalPrice),
                formatWeight(data.totals.totalWeight),
                ...(data.before ? [textOf(data.before.totals, measure)] : []),
              ]}
              origin={{
                role: 'Analytics',
                asOf: data.asOf,
                about: `Sales by ${data.by}, ${range.from} to ${range.to}`,
              }}
              fileName={`sales-by-${data.by}-${range.from}-${range.to}`}
            />
          </div>
        )}
      </Panel>
    </>
  );
}
