export { formatDuration } from '../../../client/duration.ts';

/** Numbers and times in the viewer's own locale and zone; exact decimals stay exact, because they stay text. */

/** The browser's; Node's in tests. */
const locale = (): string => navigator.language;

const cached = new Map<string, Intl.NumberFormat>();

function numberFormat(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = JSON.stringify(options);
  const found = cached.get(key) ?? new Intl.NumberFormat(locale(), options);
  cached.set(key, found);
  return found;
}

export const formatCount = (value: number): string => numberFormat({}).format(value);

/** `1 row`, `2 rows`. */
export const plural = (value: number, one: string, many: string): string =>
  `${formatCount(value)} ${value === 1 ? one : many}`;

/** Enough places to lose no digit of a decimal of the API (`"12.3400"`), and `least` at least. */
function exactPlaces(value: string, least: number): Intl.NumberFormatOptions {
  const digits = Math.max(least, value.split('.')[1]?.replace(/0+$/, '').length ?? 0);
  return { minimumFractionDigits: digits, maximumFractionDigits: digits };
}

/** ISO 4217; the deployment's, set as soon as the console has read its configuration. */
let currency = 'EUR';
export const setCurrency = (code: string): void => {
  currency = code;
};

export const companyCurrency = (): string => currency;

/** An amount with the company's currency, no digit lost. */
export function formatMoney(value: string): string {
  const style = { style: 'currency', currency } as const;
  const least = numberFormat(style).resolvedOptions().minimumFractionDigits ?? 0;
  return numberFormat({ ...style, ...exactPlaces(value, least) }).format(value as Intl.StringNumericLiteral);
}

/** Kilograms to the gram. */
export const formatWeight = (kilograms: string): string =>
  `${numberFormat(exactPlaces(kilograms, 3)).format(kilograms as Intl.StringNumericLiteral)} kg`;

const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;

export function formatBytes(bytes: number): string {
  const power = bytes < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return numberFormat({
    style: 'unit',
    unit: units[power]!,
    unitDisplay: power === 0 ? 'long' : 'short',
    maximumFractionDigits: value < 10 && power > 0 ? 1 : 0,
  }).format(value);
}

const dateTime = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale(), options);

export const formatDateTime = (at: Date): string =>
  dateTime({ dateStyle: 'medium', timeStyle: 'short' }).format(at);

export const formatClock = (at: Date): string => dateTime({ timeStyle: 'medium' }).format(at);

/** A day `YYYY-MM-DD`, which is a day of UTC and not of any other zone. */
export const formatDay = (day: string, style: 'short' | 'long' = 'short'): string =>
  dateTime({
    timeZone: 'UTC',
    ...(style === 'long'
      ? { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }
      : { day: 'numeric', month: 'short', year: 'numeric' }),
  }).format(new Date(`${day}T00:00:00Z`));

/** A month `YYYY-MM`. */
export const formatMonth = (month: string): string =>
  dateTime({ timeZone: 'UTC', month: 'long', year: 'numeric' }).format(new Date(`${month}-01T00:00:00Z`));

export const utcText = (at: Date): string => `${at.toISOString().replace('T', ' ').replace('Z', '')} UTC`;

const wholeDay = 24 * 60 * 60_000;

/** Today as a day of UTC, which is how orders are filed. */
export const today = (now = new Date()): string => now.toISOString().slice(0, 10);

/** A day that there is, as an address may name one: not the 30th of February. */
export const isDay = (text: string | undefined): text is string =>
  /^\d{4}-\d{2}-\d{2}$/.test(text ?? '') &&
  !Number.isNaN(Date.parse(text!)) &&
  new Date(text!).toISOString().startsWith(text!);

export const addDays = (from: string, days: number): string =>
  new Date(Date.parse(`${from}T00:00:00Z`) + days * wholeDay).toISOString().slice(0, 10);
