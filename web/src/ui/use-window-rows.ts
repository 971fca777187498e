import {
  observeWindowOffset,
  observeWindowRect,
  Virtualizer,
  windowScroll,
  type VirtualItem,
} from '@tanstack/virtual-core';
import { useLayoutEffect, useReducer, useState } from 'preact/hooks';

interface Options {
  readonly count: number;
  readonly rowHeight: number;
  /** Distance of the list from the top of the document. */
  readonly top: number;
}

export interface WindowRows {
  readonly rows: readonly VirtualItem[];
  readonly totalHeight: number;
}

/** Of a long list that scrolls with the page: the rows that are in sight, and a few around them. */
export function useWindowRows({ count, rowHeight, top }: Options): WindowRows {
  const [, render] = useReducer<number, undefined>((n) => n + 1, 0);
  const options = {
    count,
    overscan: 4,
    scrollMargin: top,
    estimateSize: () => rowHeight,
    getScrollElement: () => window,
    observeElementRect: observeWindowRect,
    observeElementOffset: observeWindowOffset,
    scrollToFn: windowScroll,
    initialOffset: () => window.scrollY,
    onChange: () => render(undefined),
  };
  const [virtualizer] = useState(() => new Virtualizer<Window, Element>(options));
  virtualizer.setOptions(options);
  useLayoutEffect(() => virtualizer._didMount(), [virtualizer]);
  useLayoutEffect(() => virtualizer._willUpdate());
  useLayoutEffect(() => virtualizer.measure(), [virtualizer, rowHeight]);
  return { rows: virtualizer.getVirtualItems(), totalHeight: virtualizer.getTotalSize() };
}
