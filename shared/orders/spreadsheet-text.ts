/** What spreadsheets take for the beginning of a formula (OWASP, CSV injection), wide forms too. */
const formula = /^'*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;

/** A cell that a spreadsheet shows as text: an apostrophe before what it would calculate. */
export const asSpreadsheetText = (text: string): string => (formula.test(text) ? `'${text}` : text);

/** The text of such a cell. One that is no such cell stays as it is. */
export const fromSpreadsheetText = (cell: string): string =>
  cell.startsWith("'") && formula.test(cell) ? cell.slice(1) : cell;

/** Control characters (Unicode's category Cc): no name has any. */
export const hasControlCharacters = (text: string): boolean => /\p{Cc}/u.test(text);
