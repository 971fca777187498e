import * as decimals from '../../../client/decimals.ts';

/** Reads what was typed in the viewer's locale; `places` at most behind the decimal sign. */
export const readDecimal = (text: string, places: number, unit: string): decimals.ReadDecimal =>
  decimals.readDecimal(text, places, navigator.language, unit);

/** A decimal of the API as it is typed here: no groups, no digit lost. */
export const editableDecimal = (value: string): string => decimals.editableDecimal(value, navigator.language);
