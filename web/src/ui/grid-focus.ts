import type { RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

type Rows = readonly (readonly HTMLElement[])[];

/** What has `data-stop` in a row: cells, and buttons in cells of buttons. */
const rowsOf = (table: HTMLElement): Rows =>
  [...table.querySelectorAll('tbody tr')].map((row) => [...row.querySelectorAll<HTMLElement>('[data-stop]')]);

const rowsOfAPage = 10;

/** Where a key leads from a place, as the ARIA grid has it. */
function placeAfter(key: string, far: boolean, row: number, column: number, last: number) {
  const places: Readonly<Record<string, readonly [row: number, column: number]>> = {
    ArrowUp: [row - 1, column],
    ArrowDown: [row + 1, column],
    ArrowLeft: [row, column - 1],
    ArrowRight: [row, column + 1],
    Home: [far ? 0 : row, 0],
    End: [far ? last : row, Infinity],
    PageUp: [Math.max(0, row - rowsOfAPage), column],
    PageDown: [Math.min(last, row + rowsOfAPage), column],
  };
  return places[key];
}

const stopAt = (rows: Rows, row: number, column: number): HTMLElement | undefined => {
  const stops = rows[row] ?? [];
  return stops[Math.min(column, stops.length - 1)];
};

/** One tab stop for a whole table, in which the arrow keys, Home, End and the page keys move the focus. */
export function useGridFocus(table: RefObject<HTMLElement | null>) {
  const place = useRef<readonly [row: number, column: number]>([0, 0]);
  const own = (stop: HTMLElement | undefined) => {
    for (const one of table.current!.querySelectorAll<HTMLElement>('[data-stop][tabindex="0"]'))
      one.tabIndex = -1;
    if (stop) stop.tabIndex = 0;
  };
  // What had the tab stop may be gone: what is in its place gets it.
  useLayoutEffect(() => {
    const rows = rowsOf(table.current!);
    own(stopAt(rows, Math.min(place.current[0], rows.length - 1), place.current[1]));
  });
  return {
    onFocusIn: ({ target }: FocusEvent) => {
      const stop = (target as HTMLElement).closest<HTMLElement>('[data-stop]');
      if (stop === null) return;
      const rows = rowsOf(table.current!);
      const row = rows.findIndex((stops) => stops.includes(stop));
      place.current = [row, rows[row]!.indexOf(stop)];
      own(stop);
    },
    onKeyDown: (event: KeyboardEvent) => {
      if (event.altKey || event.shiftKey || !(event.target as HTMLElement).matches('[data-stop]')) return;
      const rows = rowsOf(table.current!);
      const [row, column] = place.current;
      const next = placeAfter(event.key, event.ctrlKey || event.metaKey, row, column, rows.length - 1);
      if (next === undefined) return;
      event.preventDefault();
      stopAt(rows, ...next)?.focus();
    },
  };
}
