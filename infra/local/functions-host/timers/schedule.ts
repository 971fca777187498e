import { Cron } from 'croner';

export interface Schedule {
  next(after: Date): Date;
  /** Milliseconds between the next two occurrences. */
  readonly interval: number;
}

const daySpan = /^(\d{1,2}):(\d{2}):(\d{2})$/;

/** NCRONTAB with six fields (seconds first; five means second 0), in UTC, or an interval `hh:mm:ss`. */
export function parseSchedule(text: string, now: Date = new Date()): Schedule {
  const span = daySpan.exec(text);
  if (span) {
    const interval = ((Number(span[1]) * 60 + Number(span[2])) * 60 + Number(span[3])) * 1000;
    if (interval === 0) throw new Error(`The timer interval "${text}" is zero.`);
    return { interval, next: (after) => new Date(after.getTime() + interval) };
  }
  const fields = text.trim().split(/\s+/);
  if (fields.length !== 5 && fields.length !== 6) {
    throw new Error(`The timer schedule "${text}" is not NCRONTAB: it has ${fields.length} fields, not 6.`);
  }
  const pattern = fields.length === 5 ? `0 ${fields.join(' ')}` : fields.join(' ');
  const cron = new Cron(pattern, { mode: '6-part', timezone: 'UTC', domAndDow: true, paused: true });
  const next = (after: Date) => {
    const found = cron.nextRun(after);
    if (!found) throw new Error(`The timer schedule "${text}" never occurs.`);
    return found;
  };
  const first = next(now);
  return { next, interval: next(first).getTime() - first.getTime() };
}
