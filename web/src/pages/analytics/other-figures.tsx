import { useMemo } from 'preact/hooks';
import type { DayRange, ImagesRow, MembershipRow } from '../../../../client/api-types.ts';
import { ask } from '../../api/client.ts';
import { Chart, type Series } from '../../ui/chart.tsx';
import { formatBytes, formatCount, formatDay } from '../../ui/format.ts';
import { useRemote } from '../../ui/use-remote.ts';
import { sourceName } from '../images/status.tsx';
import { FiguresTable, type FigureColumn } from './figures-table.tsx';
import { memberStatusNames, membershipNames } from './names.ts';
import { Panel } from './panel.tsx';
import { activeMembers, imagesBySource, type Pivot } from './pivot.ts';

const seriesOf = ({ columns, values }: Pivot, name: (column: string) => string): readonly Series[] =>
  columns.map((column, index) => ({
    label: name(column),
    colour: ((index % 4) + 1) as Series['colour'],
    values: values[column]!,
  }));

/** A day that is not over says so. */
const dayColumn = (asOf: string): FigureColumn<{ readonly day: string }> => ({
  ...{ name: 'Day (UTC)', type: 'date', whole: true, value: ({ day }) => day },
  shown: ({ day }) => (
    <>
      {formatDay(day)}
      {day === asOf.slice(0, 10) && <small class="dim"> so far</small>}
    </>
  ),
});

const membershipColumns: readonly FigureColumn<MembershipRow>[] = [
  {
    name: 'Membership',
    type: 'text(20)',
    value: ({ membership }) => membership,
    shown: ({ membership }) => membershipNames[membership] ?? membership,
  },
  {
    name: 'Status',
    type: 'text(20)',
    value: ({ status }) => status,
    shown: ({ status }) => memberStatusNames[status] ?? status,
  },
  {
    name: 'Members',
    type: 'bigint',
    value: ({ members }) => members,
    shown: ({ members }) => formatCount(members),
  },
  {
    name: 'Change',
    type: 'bigint',
    value: ({ change }) => change,
    shown: ({ change }) => (change > 0 ? `+${formatCount(change)}` : formatCount(change)),
  },
];

/** How many members there are, by membership, day after day. */
export function MembershipFigures({ range }: { range: DayRange }) {
  const remote = useRemote(`${range.from}.${range.to}`, (signal) =>
    ask((api) => api.GET('/analytics/membership', { params: { query: range }, signal })),
  );
  const { data } = remote;
  const table = useMemo(() => activeMembers(data?.rows ?? []), [data]);
  const series = useMemo(() => seriesOf(table, (column) => membershipNames[column] ?? column), [table]);
  return (
    <Panel title="Members" remote={remote} isEmpty={data?.rows.length === 0}>
      {data && (
        <div class="chart-and-table">
          <Chart
            kind="lines"
            days={table.days}
            series={series}
            label="Active members by membership and day"
          />
          <FiguresTable
            caption="Members by day, membership and status"
            columns={[dayColumn(data.asOf), ...membershipColumns]}
            rows={data.rows.toReversed()}
            keyOf={({ day, membership, status }) => `${day}/${membership}/${status}`}
            origin={{ role: 'Analytics', asOf: data.asOf, about: `Members, ${range.from} to ${range.to}` }}
            fileName={`members-${range.from}-${range.to}`}
          />
        </div>
      )}
    </Panel>
  );
}

const count = (name: string, of: (row: ImagesRow) => number): FigureColumn<ImagesRow> => ({
  name,
  type: 'bigint',
  value: of,
  shown: (row) => formatCount(of(row)),
});

const imageColumns: readonly FigureColumn<ImagesRow>[] = [
  {
    name: 'Source',
    type: 'text(20)',
    value: ({ source }) => source,
    shown: ({ source }) => sourceName(source),
  },
  count('Images', ({ images }) => images),
  count('Ready', ({ processed }) => processed),
  count('Rejected', ({ rejected }) => rejected),
  count('Failed', ({ failed }) => failed),
  { name: 'Size', type: 'bigint', value: ({ bytes }) => bytes, shown: ({ bytes }) => formatBytes(bytes) },
];

/** How many images came, by day and source; the counts stay when the images are erased. */
export function ImagesFigures({ range }: { range: DayRange }) {
  const remote = useRemote(`${range.from}.${range.to}`, (signal) =>
    ask((api) => api.GET('/analytics/images', { params: { query: range }, signal })),
  );
  const { data } = remote;
  const table = useMemo(() => imagesBySource(data?.rows ?? []), [data]);
  const series = useMemo(() => seriesOf(table, sourceName), [table]);
  return (
    <Panel title="Images" remote={remote} isEmpty={data?.rows.length === 0}>
      {data && (
        <div class="chart-and-table">
          <Chart kind="stack" days={table.days} series={series} label="Images by day and source" />
          <FiguresTable
            caption="Images by day and source"
            columns={[dayColumn(data.asOf), ...imageColumns]}
            rows={data.rows.toReversed()}
            keyOf={({ day, source }) => `${day}/${source}`}
            origin={{ role: 'Analytics', asOf: data.asOf, about: `Images, ${range.from} to ${range.to}` }}
            fileName={`images-${range.from}-${range.to}`}
          />
        </div>
      )}
    </Panel>
  );
}
