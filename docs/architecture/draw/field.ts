import { rectOf, sheet, type Page, type Rect } from '../types.ts';
import { zoneTitleRect } from './zones.ts';

/** Routes run on this raster, pixels. */
export const raster = 10;
export const columns = Math.floor(sheet.width / raster);
export const rows = Math.floor(sheet.height / raster);

export const cell = (column: number, row: number): number => row * columns + column;

/** Where routes may run, and what they cost there. */
export interface Field {
  /** Inside or on the border of a box, or under a zone's title. */
  readonly blocked: Uint8Array;
  /** One raster step beside a box: allowed, not liked. */
  readonly near: Uint8Array;
  /** Routes that run through here along x (bit 1), along y (2), or turn here (4). */
  readonly used: Uint8Array;
}

const mark = (into: Uint8Array, { x, y, width, height }: Rect, margin: number): void => {
  for (let row = Math.ceil((y - margin) / raster); row <= (y + height + margin) / raster; row++)
    for (let column = Math.ceil((x - margin) / raster); column <= (x + width + margin) / raster; column++)
      if (row >= 0 && row < rows && column >= 0 && column < columns) into[cell(column, row)] = 1;
};

export function makeField(page: Page): Field {
  const field = {
    blocked: new Uint8Array(columns * rows),
    near: new Uint8Array(columns * rows),
    used: new Uint8Array(columns * rows),
  };
  for (const { at } of page.nodes) {
    mark(field.blocked, rectOf(at), 0);
    mark(field.near, rectOf(at), raster);
  }
  for (const zone of page.zones) mark(field.blocked, zoneTitleRect(zone), 0);
  // The sheet's title and legend.
  mark(field.blocked, { x: 0, y: 0, width: sheet.width, height: 40 }, 0);
  mark(field.blocked, { x: 0, y: sheet.height - 30, width: sheet.width, height: 30 }, 0);
  return field;
}
