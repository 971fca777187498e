import { useMemo, useState } from 'preact/hooks';
import type { DayRange, SalesAnswer, SalesBy, SalesRow } from '../../../../client/api-types.ts';
import { ask } from '../../api/client.ts';
import { Chart, type Series } from '../../ui/chart.tsx';
import { formatCount, formatDay, formatMoney, formatWeight } from '../../ui/format.ts';
import { Segmented } from '../../ui/segmented.tsx';
import { Tile } from '../../ui/tile.tsx';
import { useRemote } from '../../ui/use-remote.ts';
import { FiguresTable, type FigureColumn } from './figures-table.tsx';
import { Panel } from './panel.tsx';
import { RankedBars } from './ranked-bars.tsx';

const bys = [
  ['day', 'Day'],
  ['product', 'Product'],
  ['membership', 'Membership'],
] as const;

const measures = [
  ['totalPrice', 'Price'],
  ['orders', 'Orders'],
  ['totalWeight', 'Weight'],
] as const;

type Measure = (typeof measures)[number][0];

const textOf = (row: SalesRow, measure: Measure): string => {
  if (measure === 'orders') return formatCount(row.orders);
  return measure === 'totalPrice' ? formatMoney(row.totalPrice) : formatWeight(row.totalWeight);
};

const columnsFor = (by: SalesBy): readonly FigureColumn<SalesRow>[] => [
  by === 'day'
    ? { name: 'Day (UTC)', whole: true, value: ({ key }) => key, shown: ({ key }) => formatDay(key) }
    : { name: by === 'product' ? 'Product' : 'Membership', value: ({ label }) => label },
  { name: 'Orders', number: true, value: ({ orders }) => orders, shown: ({ orders }) => formatCount(orders) },
  {
    name: 'Items',
    number: true,
    value: ({ quantity }) => quantity,
    shown: ({ quantity }) => formatCount(quantity),
  },
  {
    name: 'Price',
    number: true,
    value: ({ totalPrice }) => totalPrice,
    shown: ({ totalPrice }) => formatMoney(totalPrice),
  },
  {
    name: 'Weight',
    number: true,
    value: ({ totalWeight }) => totalWeight,
    shown: ({ totalWeight }) => formatWeight(totalWeight),
  },
];

function Picture({ answer, by, measure }: { answer: SalesAnswer; by: SalesBy; measure: Measure }) {
  const name = measures.find(([one]) => one === measure)![1];
  const days = useMemo(() => answer.rows.map(({ key }) => key), [answer]);
  const series = useMemo<readonly Series[]>(
    () => [
      {
        label: name,
        colour: 1,
        values: answer.rows.map((row) => Number(row[measure])),
        texts: answer.rows.map((row) => textOf(row, measure)),
      },
    ],
    [answer, measure],
  );
  if (by === 'day')
    return <Chart kind="bars" days={days} series={series} label={`${name} of sales by day`} />;
  return (
    <RankedBars
      label={`${name} of sales by ${by}`}
      bars={answer.rows.map((row) => ({
        key: row.key,
        name: row.label,
        size: Number(row[measure]),
        text: textOf(row, measure),
      }))}
    />
  );
}

/** What was sold in a range of days, by day, product or membership. */
export function SalesFigures({ range }: { range: DayRange }) {
  const [by, setBy] = useState<SalesBy>('day');
  const [measure, setMeasure] = useState<Measure>('totalPrice');
  const remote = useRemote(`${range.from}.${range.to}.${by}`, (signal) =>
    ask((api) => api.GET('/analytics/sales', { params: { query: { ...range, by } }, signal })),
  );
  const { data } = remote;
  return (
    <>
      <div class="tiles" data-testid="sales-totals">
        <Tile label="Orders">{data ? formatCount(data.totals.orders) : '–'}</Tile>
        <Tile label="Items">{data ? formatCount(data.totals.quantity) : '–'}</Tile>
        <Tile label="Price">{data ? formatMoney(data.totals.totalPrice) : '–'}</Tile>
        <Tile label="Weight">{data ? formatWeight(data.totals.totalWeight) : '–'}</Tile>
      </div>
      <Panel
        title="Sales"
        remote={remote}
        isEmpty={data?.rows.length === 0}
        tools={
          <>
            <Segmented label="By" options={bys} value={by} onChange={setBy} />
            <Segmented label="Shown" options={measures} value={measure} onChange={setMeasure} />
          </>
        }
      >
        {data && (
          <div class="chart-and-table">
            <Picture answer={data} by={by} measure={measure} />
            <FiguresTable
              caption={`Sales by ${by}`}
              columns={columnsFor(by)}
              rows={by === 'day' ? data.rows.toReversed() : data.rows}
              keyOf={({ key }) => key}
              footer={[
                'Together',
                formatCount(data.totals.orders),
                formatCount(data.totals.quantity),
                formatMoney(data.totals.totalPrice),
                formatWeight(data.totals.totalWeight),
              ]}
              origin={{
                role: 'Analytics',
                asOf: data.asOf,
                about: `Sales by ${by}, ${range.from} to ${range.to}`,
              }}
              fileName={`sales-by-${by}-${range.from}-${range.to}.csv`}
            />
          </div>
        )}
      </Panel>
    </>
  );
}
