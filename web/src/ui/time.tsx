import { useEffect, useState } from 'preact/hooks';
import { formatClock, formatDateTime, formatDuration, utcText } from './format.ts';

const parse = (at: string | Date): Date => (typeof at === 'string' ? new Date(at) : at);

/** A moment in the viewer's zone; UTC on hover. */
export function Time({ at, clock = false }: { at: string | Date; clock?: boolean }) {
  const date = parse(at);
  return (
    <time dateTime={date.toISOString()} title={utcText(date)} class="nowrap">
      {clock ? formatClock(date) : formatDateTime(date)}
    </time>
  );
}

/** The present, again every `every` milliseconds, so that what is left of a time counts down. */
export function useNow(every: number): number {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), every);
    return () => clearInterval(timer);
  }, [every]);
  return now;
}

/** How long until a moment; the moment itself, in UTC, on hover. */
export function TimeLeft({ until, now }: { until: string; now: number }) {
  const date = parse(until);
  return (
    <time dateTime={date.toISOString()} title={utcText(date)} class="nowrap">
      {formatDuration(date.getTime() - now)}
    </time>
  );
}
