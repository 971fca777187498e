/** Reads numbers as people type them, in the viewer's locale. What could mean two things is asked back, not guessed. */

export type ReadDecimal =
  /** A decimal as the API takes it: `1250`, `12.5`. */
  | { readonly value: string }
  /** The two that may be meant, the more likely one first. */
  | { readonly choices: readonly [string, string] }
  | { readonly issue: string };

interface Signs {
  readonly decimal: string;
  readonly example: string;
}

/** The Arabic decimal sign can be nothing else, and is read as the point. */
const westernSign = (sign: string): string => (sign === '٫' ? '.' : sign);

function findSigns(locale: string): Signs {
  const format = new Intl.NumberFormat(locale);
  const decimal = format.formatToParts(1234.5).find(({ type }) => type === 'decimal')?.value ?? '.';
  return { decimal: westernSign(decimal), example: format.format(1234.5) };
}

/** A format takes longer to make than a number to read. */
function kept<T>(make: (locale: string, unit: string) => T) {
  const found = new Map<string, T>();
  return (locale: string, unit = ''): T => {
    const key = `${locale} ${unit}`;
    if (!found.has(key)) found.set(key, make(locale, unit));
    return found.get(key)!;
  };
}

const signsOf = kept(findSigns);

let digits: ReadonlyMap<string, string> | undefined;

/** The digits of all scripts, whatever the locale: no digit can be taken for another. */
function digitOf(sign: string): string {
  digits ??= new Map(
    Intl.supportedValuesOf('numberingSystem').flatMap((numberingSystem) => {
      const format = new Intl.NumberFormat('en', { numberingSystem });
      return Array.from({ length: 10 }, (_, value) => [format.format(value), String(value)] as const);
    }),
  );
  return digits.get(sign) ?? sign;
}

/** What an amount or a weight is in: a currency (ISO 4217), or kilograms. */
export type Unit = string;

const displays = ['symbol', 'narrowSymbol', 'code', 'name'] as const;

/** Marks that turn the direction of a text, which locales that write to the left put around amounts. */
const directions = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;

/** How a unit is written beside its number, here and in English, the longest first. */
const namesOf = kept((locale, unit: Unit): readonly string[] =>
  [locale, 'en']
    .flatMap((one) => {
      const styles: Intl.NumberFormatOptions[] =
        unit === 'kg'
          ? [{ style: 'unit', unit: 'kilogram' }]
          : displays.map((currencyDisplay) => ({ style: 'currency', currency: unit, currencyDisplay }));
      return styles.flatMap((style) => new Intl.NumberFormat(one, style).formatToParts(1));
    })
    .filter(({ type }) => type === 'currency' || type === 'unit')
    .map(({ value }) => value.replace(directions, '').toLowerCase())
    .toSorted((one, other) => other.length - one.length),
);

function withoutUnit(text: string, unit: Unit | undefined, locale: string): string {
  if (unit === undefined) return text.replace(/^\p{Sc}\s*|\s*\p{Sc}$|\s*kg$/gu, '');
  const lower = text.toLowerCase();
  const name = namesOf(locale, unit).find((one) => lower.startsWith(one) || lower.endsWith(one));
  if (name === undefined) return text;
  return (lower.startsWith(name) ? text.slice(name.length) : text.slice(0, -name.length)).trim();
}

/** ASCII digits with `.` and `,`; spaces and apostrophes between groups become the sign `_`. */
function plain(text: string, unit: Unit | undefined, locale: string): string {
  const ascii = text
    .replace(directions, '')
    .trim()
    .replace(/\p{Nd}/gu, digitOf);
  return (
    withoutUnit(ascii, unit, locale)
      .replaceAll('٫', westernSign)
      .replaceAll('٬', '_')
      .replaceAll('،', ',')
      .replace(/(?<=\d)[\s'’](?=\d)/g, '_')
      // No cents, as Swiss and German price tags write it.
      .replace(/(?<=\d[.,])[-–—]+$/, '')
  );
}

/** Groups of three, or of two before the last one as in India. */
const isGrouped = (whole: string): boolean =>
  /^\d{1,3}(?:[.,_]\d{3})+$/.test(whole) || /^\d{1,2}(?:[.,_]\d{2})*[.,_]\d{3}$/.test(whole);

const ungrouped = (whole: string): string | undefined => {
  if (/^\d*$/.test(whole)) return whole;
  const signs = new Set(whole.replace(/\d/g, ''));
  return signs.size === 1 && isGrouped(whole) ? whole.replace(/\D/g, '') : undefined;
};

const decimalOf = (whole: string, fraction: string): string => {
  const digits = whole.replace(/^0+(?=\d)/, '');
  const places = fraction.replace(/0+$/, '');
  return `${digits === '' ? '0' : digits}${places === '' ? '' : `.${places}`}`;
};

function split(text: string, signs: Signs): readonly string[] {
  const last = Math.max(text.lastIndexOf('.'), text.lastIndexOf(','));
  if (last < 0) {
    const whole = ungrouped(text);
    return whole === undefined ? [] : [decimalOf(whole, '')];
  }
  const [before, sign, after] = [text.slice(0, last), text[last]!, text.slice(last + 1)];
  const whole = ungrouped(before);
  const asDecimal =
    whole !== undefined && /^\d*$/.test(after) && !before.includes(sign) && `${whole}${after}` !== ''
      ? decimalOf(whole, after)
      : undefined;
  const all = /^0\d*[.,]/.test(text) ? undefined : ungrouped(text);
  const asWhole = all === undefined ? undefined : decimalOf(all, '');
  // The viewer's own decimal sign is one; any other sign that could be either is asked back.
  const meant = sign === signs.decimal && asDecimal !== undefined ? [asDecimal] : [asWhole, asDecimal];
  return meant.filter((one) => one !== undefined);
}

/** Reads what was typed; `places` at most behind the decimal sign, in `unit` where that is known. */
export function readDecimal(text: string, places: number, locale: string, unit?: Unit): ReadDecimal {
  const signs = signsOf(locale);
  const typed = plain(text, unit, locale);
  if (typed === '') return { issue: 'A number is missing.' };
  if (/^[-−]/.test(typed)) return { issue: 'It cannot be negative.' };
  if (/\p{Sc}/u.test(typed)) return { issue: `It is not in ${unit ?? 'one currency'}.` };
  const [first, second] = split(typed, signs).filter((one) => (one.split('.')[1]?.length ?? 0) <= places);
  if (first !== undefined && second !== undefined) return { choices: [first, second] };
  if (first !== undefined) return { value: first };
  return split(typed, signs).length > 0
    ? { issue: `It has at most ${places} decimal places.` }
    : { issue: `It is not a number such as ${signs.example}.` };
}

/** A decimal of the API as it is typed here: no groups, no digit lost. */
export function editableDecimal(value: string, locale: string): string {
  const digits = value.split('.')[1]?.replace(/0+$/, '').length ?? 0;
  return new Intl.NumberFormat(locale, {
    useGrouping: false,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(value as Intl.StringNumericLiteral);
}
