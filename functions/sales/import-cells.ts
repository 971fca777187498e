import { moneyPlaces, weightPlaces } from '../../shared/orders/decimal.ts';
import { readDecimal } from '../../shared/orders/read-decimal.ts';

/** How numbers of a file are written where they can be read in two ways. */
export type DecimalMark = 'point' | 'comma';

const locales = { point: 'en-US', comma: 'de-DE' } as const satisfies Record<DecimalMark, string>;
const places = { cost: moneyPlaces, weight: weightPlaces } as const;

type NumberColumn = keyof typeof places;

/** Both readings of a number, which are one for most. */
const readings = (text: string, column: NumberColumn): readonly string[] => {
  const read = (mark: DecimalMark): readonly string[] => {
    const found = readDecimal(text, places[column], locales[mark]);
    return 'value' in found ? [found.value] : 'choices' in found ? found.choices : [];
  };
  return [...new Set([...read('point'), ...read('comma')])];
};

/** The decimal mark that a number shows which can be read in one way only. */
function markShown(text: string, column: NumberColumn): DecimalMark | undefined {
  const last = /[.,](?=[^.,]*$)/.exec(text)?.[0];
  if (last === undefined || readings(text, column).length !== 1) return undefined;
  const groups = text.split(last).length > 2;
  return (last === ',') === groups ? 'point' : 'comma';
}

/** The one decimal mark of a file's numbers; undefined where none shows it, or they show two. */
export function decimalMarkOf(
  rows: readonly Partial<Record<NumberColumn, string>>[],
): DecimalMark | undefined {
  const shown = rows.flatMap(({ cost = '', weight = '' }) => [
    markShown(cost, 'cost'),
    markShown(weight, 'weight'),
  ]);
  const marks = new Set(shown.filter((mark) => mark !== undefined));
  return marks.size === 1 ? [...marks][0] : undefined;
}

/** A number as the database takes it, or the two that it may be. What is no number stays as it is, to be refused there. */
export function readNumber(
  text: string,
  column: NumberColumn,
  mark: DecimalMark | undefined,
): string | { readonly ambiguous: readonly string[] } {
  const found = readings(text, column);
  if (found.length < 2) return found[0] ?? text;
  if (mark === undefined) return { ambiguous: found };
  // Where the locale's decimal mark is another, the sign is one of groups: the first choice.
  const meant = readDecimal(text, places[column], locales[mark]);
  return 'value' in meant ? meant.value : 'choices' in meant ? meant.choices[0] : text;
}

/** As people write them, and as spreadsheets do, which translate them when they save. */
const written = {
  true: `true yes y 1 on wahr ja j vrai oui verdadero verdadeiro sí si sim vero sì waar sand sandt sant sann prawda tak
    tosi pravda ano igaz doğru evet истина да`,
  false: `false no n 0 off falsch nein faux non falso não falso onwaar nee falsk falskt usann nej nei fałsz nie epätosi
    nepravda ne hamis yanlış hayır ложь нет`,
} as const;

const wordsOf = (which: keyof typeof written): ReadonlySet<string> => new Set(written[which].split(/\s+/));
const [truths, falsehoods] = [wordsOf('true'), wordsOf('false')];

/** Whether a product is on sale; null where the file does not say, undefined where it cannot be read. */
export function readIsActive(text: string): boolean | null | undefined {
  const word = text.trim().toLowerCase();
  if (word === '') return null;
  // A capital I is no dotless one to most, and is to Turkish.
  const isOneOf = (words: ReadonlySet<string>): boolean =>
    words.has(word) || words.has(word.replaceAll('i', 'ı'));
  return isOneOf(truths) ? true : isOneOf(falsehoods) ? false : undefined;
}
