/**
 * Where a spreadsheet takes a text for a formula (OWASP, CSV injection), wide forms too: at its beginning, and behind a
 * semicolon, which begins another cell where commas are decimal marks, whatever the file says.
 */
const formula =
  /^(?=\s*'*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20])|(?<=;)(?='*[=+\-@\uff1d\uff0b\uff0d\uff20])/g;
const marked = new RegExp(formula.source.replaceAll('(?=', "'(?="), 'g');

/** A cell that a spreadsheet shows as text: an apostrophe before what it would calculate. */
export const asSpreadsheetText = (text: string): string => text.replaceAll(formula, "'");

/** The text of such a cell. One that is no such cell stays as it is. */
export const fromSpreadsheetText = (cell: string): string => cell.replaceAll(marked, '');

/**
 * What no name has: control characters (Unicode's category Cc), other line breaks, what turns the direction of a text, so that
 * it is read as another one, and half of a pair, of which a database makes another character.
 */
export const hasControlCharacters = (text: string): boolean =>
  /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u.test(text);
