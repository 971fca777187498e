import { useLocation } from 'preact-iso';
import { useMemo } from 'preact/hooks';
import type { HubLag, LagHistory, LagMark } from '../../../../client/api-types.ts';
import { lagSteps, markText, trendText } from '../../../../client/lag.ts';
import { ask } from '../../api/client.ts';
import { formatCount, formatDuration } from '../../ui/format.ts';
import { ScrollArea } from '../../ui/scroll-area.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Empty } from '../../ui/states.tsx';
import { TimeChart, type TimeSeries } from '../../ui/time-chart.tsx';
import { Time } from '../../ui/time.tsx';
import { useRemote } from '../../ui/use-remote.ts';
import { readHubNames, type HubName } from './hub-names.ts';
import { HubSettings } from './hub-settings.tsx';
import { drawnMarks, lagColumns, marksOf } from './lag-chart.ts';
import { rate } from './lag-text.ts';
import { Section } from './section.tsx';

const spans = [
  ['1', '1 hour'],
  ['6', '6 hours'],
  ['24', '24 hours'],
] as const;
type Span = (typeof spans)[number][0];

/** Minutes that a row of the table stands for. */
const stepMinutes: Readonly<Record<Span, number>> = { '1': 1, '6': 5, '24': 15 };

const seconds = (value: number): string => formatDuration(value * 1000);

interface ChartsProps {
  readonly history: LagHistory;
  readonly lag: HubLag;
  readonly marks: readonly LagMark[];
}

function Charts({ history, lag, marks }: ChartsProps) {
  const drawn = useMemo(() => {
    const columns = lagColumns(lag.points, history.everySeconds);
    const series = (...given: TimeSeries[]): readonly TimeSeries[] => given;
    return {
      seconds: columns.seconds,
      range: [Date.parse(history.from) / 1000, Date.parse(history.asOf) / 1000] as const,
      marks: drawnMarks(marks),
      waiting: series({ label: 'Events that wait', values: columns.events, colour: 1, text: formatCount }),
      age: series({ label: 'The oldest has waited for', values: columns.ages, colour: 4, text: seconds }),
      passed: series(
        { label: 'Came', values: columns.came, colour: 2, text: rate },
        { label: 'Read', values: columns.read, colour: 3, text: rate, isDashed: true },
      ),
    };
  }, [history]);
  const { waiting, age, passed, ...shared } = drawn;
  const of = `of ${lag.hub}, over time; the table below has the figures`;
  return (
    <div class="lag-charts">
      <TimeChart {...shared} series={waiting} unit="events" label={`Events that wait ${of}`} />
      <TimeChart
        {...shared}
        series={age}
        unit="seconds"
        label={`Age in seconds of the oldest unread event ${of}`}
      />
      <TimeChart
        {...shared}
        series={passed}
        unit="perSecond"
        label={`Events that came and were read a second ${of}`}
      />
    </div>
  );
}

function Marks({ marks, isComplete }: { marks: readonly LagMark[]; isComplete: boolean }) {
  return (
    <details class="changes">
      <summary>What was done meanwhile ({formatCount(marks.length)})</summary>
      {!isComplete && (
        <p class="card-body">What was done to the readers could not be read: the database does not answer.</p>
      )}
      <table class="cards">
        <caption class="visually-hidden">What was done meanwhile</caption>
        <thead>
          <tr>
            {['Mark', 'When', 'What'].map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {marks.map((mark, index) => (
            <tr key={index} data-mark={mark.kind}>
              <th scope="row">{index + 1}</th>
              <td data-label="When">
                <Time at={mark.at} />
              </td>
              <td data-label="What">{markText(mark)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

const shown = (value: number | null, text: (value: number) => string): string =>
  value === null ? '–' : text(value);

function Figures({ history, lag, span }: { history: LagHistory; lag: HubLag; span: Span }) {
  const steps = useMemo(
    () => lagSteps(lag.points, new Date(history.from), new Date(history.asOf), stepMinutes[span]).reverse(),
    [history, span],
  );
  return (
    <details class="changes">
      <summary>The figures as a table</summary>
      <ScrollArea class="short" label={`Lag of ${lag.hub} by ${stepMinutes[span]} min`}>
        <table>
          <thead>
            <tr>
              <th scope="col">From</th>
              {['Waiting, at most', 'Oldest, at most', 'Came', 'Read'].map((name) => (
                <th key={name} scope="col" class="number">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {steps.map((step) => (
              <tr key={step.from.getTime()}>
                <th scope="row">
                  <Time at={step.from} />
                </th>
                {step.points === 0 ? (
                  <td colSpan={4}>not measured</td>
                ) : (
                  <>
                    <td class="number">{shown(step.events, formatCount)}</td>
                    <td class="number">{shown(step.seconds, seconds)}</td>
                    <td class="number">{shown(step.inPerSecond, rate)}</td>
                    <td class="number">{shown(step.outPerSecond, rate)}</td>
                  </>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollArea>
    </details>
  );
}

function Now({ lag }: { lag: HubLag }) {
  const last = lag.points.at(-1);
  const waits =
    last?.events === null || last === undefined
      ? 'What waits could not be measured. '
      : last.events === 0
        ? ''
        : `${formatCount(last.events)} waiting${last.seconds === null ? '' : `, the oldest for ${seconds(last.seconds)}`}. `;
  return (
    <p class="lag-now" data-trend={lag.trend.state}>
      <strong>{waits}</strong>
      {trendText(lag.trend)}
    </p>
  );
}

/** The lag of a hub over the last hours, where it is heading, and the settings of the hubs. */
export function Lag() {
  const { query, route } = useLocation();
  const hub = readHubNames.find((name) => name === query['hub']) ?? 'image-stream';
  const span = spans.find(([name]) => name === query['hours'])?.[0] ?? '24';
  const show = (next: { hub?: HubName; hours?: Span }) =>
    route(`/operations?${new URLSearchParams({ part: 'lag', hub, hours: span, ...next }).toString()}`, true);
  const remote = useRemote(
    `lag ${hub} ${span}`,
    (signal) =>
      ask((api) =>
        api.GET('/operations/lag', { params: { query: { hub, minutes: Number(span) * 60 } }, signal }),
      ),
    { every: 60_000 },
  );
  const { data } = remote;
  const [lag] = data?.hubs ?? [];
  const marks = data === undefined ? [] : marksOf(data.marks, hub);
  return (
    <>
      <Section
        title="Lag over time"
        remote={remote}
        at={data?.asOf}
        rows={12}
        like="figures"
        tools={
          <>
            <div class="field">
              <label for="lag-hub">Hub</label>
              <select
                id="lag-hub"
                class="input"
                value={hub}
                onChange={(event) => show({ hub: event.currentTarget.value as HubName })}
              >
                {readHubNames.map((name) => (
                  <option key={name} value={name}>
                    {name}
                  </option>
                ))}
              </select>
            </div>
            <Segmented
              label="Time shown"
              options={spans}
              value={span}
              onChange={(hours) => show({ hours })}
            />
          </>
        }
      >
        {data && lag && lag.points.length === 0 && (
          <Empty title="Nothing was measured in this time">
            A point is kept each minute, for a day and more. The first one comes within a minute of the start.
          </Empty>
        )}
        {data && lag && lag.points.length > 0 && (
          <>
            <Now lag={lag} />
            <Charts history={data} lag={lag} marks={marks} />
            <Figures history={data} lag={lag} span={span} />
          </>
        )}
        {data && <Marks marks={marks} isComplete={data.isComplete} />}
      </Section>
      {/* Below something whose height is known: it would be pushed away when the charts come. */}
      {(data ?? remote.problem) !== undefined && <HubSettings />}
    </>
  );
}
