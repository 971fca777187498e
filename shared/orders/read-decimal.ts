/** Reads numbers as people type them, in the viewer's locale. What could mean two things is asked back, not guessed. */

export type ReadDecimal =
  /** A decimal as the API takes it: `1250`, `12.5`. */
  | { readonly value: string }
  /** The two that may be meant, the more likely one first. */
  | { readonly choices: readonly [string, string] }
  | { readonly issue: string };

interface Signs {
  readonly decimal: string;
  readonly digits: readonly string[];
  readonly example: string;
}

/** The Arabic decimal sign can be nothing else, and is read as the point. */
const westernSign = (sign: string): string => (sign === '٫' ? '.' : sign);

function findSigns(locale: string): Signs {
  const format = new Intl.NumberFormat(locale);
  const decimal = format.formatToParts(1234.5).find(({ type }) => type === 'decimal')?.value ?? '.';
  const digits = Array.from({ length: 10 }, (_, value) => format.format(value));
  return { decimal: westernSign(decimal), digits, example: format.format(1234.5) };
}

/** By locale: a format takes longer to make than a number to read. */
const found = new Map<string, Signs>();

function signsOf(locale: string): Signs {
  const signs = found.get(locale) ?? findSigns(locale);
  found.set(locale, signs);
  return signs;
}

/** ASCII digits with `.` and `,`; spaces and apostrophes between groups become the sign `_`. */
function plain(text: string, { digits }: Signs): string {
  const ascii = Array.from(text.trim(), (sign) => {
    const value = digits.indexOf(sign);
    return value < 0 ? sign : String(value);
  });
  return ascii
    .join('')
    .replace(/^\p{Sc}\s*|\s*\p{Sc}$|\s*kg$/gu, '')
    .replaceAll('٫', westernSign)
    .replaceAll('٬', '_')
    .replace(/(?<=\d)[\s'’](?=\d)/g, '_');
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

/** Reads what was typed; `places` at most behind the decimal sign. */
export function readDecimal(text: string, places: number, locale: string): ReadDecimal {
  const signs = signsOf(locale);
  const typed = plain(text, signs);
  if (typed === '') return { issue: 'A number is missing.' };
  if (/^[-−]/.test(typed)) return { issue: 'It cannot be negative.' };
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
