const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** `6 d 23 h`, `2 h 5 min`, `40 s`: the two units that matter; `7 d` where the second would be nothing. */
export function formatDuration(milliseconds: number): string {
  const left = Math.max(0, milliseconds);
  const rest = (of: number, unit: number, name: string): string => {
    const count = Math.floor((left % of) / unit);
    return count === 0 ? '' : ` ${count} ${name}`;
  };
  if (left < minute) return `${Math.floor(left / 1000)} s`;
  if (left < hour) return `${Math.floor(left / minute)} min`;
  if (left < day) return `${Math.floor(left / hour)} h${rest(hour, minute, 'min')}`;
  return `${Math.floor(left / day)} d${rest(day, hour, 'h')}`;
}
