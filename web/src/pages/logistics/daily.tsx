import { useEffect, useMemo } from 'preact/hooks';
import { ask } from '../../api/client.ts';
import { Chart } from '../../ui/chart.tsx';
import { addDays, formatCount, formatDay, formatMoney, formatWeight } from '../../ui/format.ts';
import { ScrollArea } from '../../ui/scroll-area.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { SectionBody, SectionHead } from '../../ui/section.tsx';
import { Empty } from '../../ui/states.tsx';
import { useRemote } from '../../ui/use-remote.ts';

export const spans = [
  ['14', '2 weeks'],
  ['30', '30 days'],
  ['90', '90 days'],
] as const;
export type Span = (typeof spans)[number][0];

interface DailyProps {
  readonly day: string;
  /** Days up to that one. */
  readonly span: Span;
  /** Another one after each change of an order. */
  readonly version: number;
  /** While nobody knows how high what stands above it will be. */
  readonly hidden: boolean;
  readonly onDay: (day: string) => void;
  readonly onSpan: (span: Span) => void;
}

/** Orders, weights and prices of the days up to the chosen one, as a chart and as a table. */
export function Daily({ day, span, version, hidden, onDay, onSpan }: DailyProps) {
  const from = addDays(day, 1 - Number(span));
  const remote = useRemote(
    `${from}.${day}`,
    (signal) => ask((api) => api.GET('/logistics/daily', { params: { query: { from, to: day } }, signal })),
    { every: 60_000 },
  );
  const { data, problem, loading, reload } = remote;
  // What is shown stays until the new figures are here.
  useEffect(() => {
    if (version > 0) reload();
  }, [version]);
  const days = useMemo(() => data?.days.map((one) => one.day) ?? [], [data]);
  const series = useMemo(
    () => [
      { label: 'Orders', colour: 2 as const, values: data?.days.map(({ orders }) => orders) ?? [] },
      { label: 'Completed', colour: 3 as const, values: data?.days.map(({ completed }) => completed) ?? [] },
    ],
    [data],
  );
  return (
    <section class="card" aria-labelledby="daily-title" hidden={hidden}>
      <SectionHead
        title="By day"
        titleId="daily-title"
        tools={<Segmented label="Days shown" options={spans} value={span} onChange={onSpan} />}
        at={data?.asOf}
        problem={problem}
        loading={loading}
        onRefresh={reload}
      />
      <SectionBody remote={remote} like="figures" rows={12}>
        {data && days.length === 0 && <Empty title="No orders in these days" />}
        {data && days.length > 0 && (
          <div class="chart-and-table">
            <Chart kind="bars" days={days} series={series} label="Orders and completed orders by day" />
            <ScrollArea class="short" label="Figures by day">
              <table>
                <thead>
                  <tr>
                    <th scope="col">Day (UTC)</th>
                    <th scope="col" class="number">
                      Orders
                    </th>
                    <th scope="col" class="number">
                      Completed
                    </th>
                    <th scope="col" class="number">
                      Weight
                    </th>
                    <th scope="col" class="number">
                      Price
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {data.days.toReversed().map((one) => (
                    <tr key={one.day}>
                      <th scope="row">
                        <button class="link" onClick={() => onDay(one.day)}>
                          {formatDay(one.day)}
                        </button>
                        {one.day === data.asOf.slice(0, 10) && <small class="dim"> so far</small>}
                      </th>
                      <td class="number">{formatCount(one.orders)}</td>
                      <td class="number">{formatCount(one.completed)}</td>
                      <td class="number">{formatWeight(one.totalWeight)}</td>
                      <td class="number">{formatMoney(one.totalPrice)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </ScrollArea>
          </div>
        )}
      </SectionBody>
    </section>
  );
}
