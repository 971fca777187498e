import type { ComponentChildren, RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

/** Marks on the parent of what scrolls at which edges there is more, so that a fade can say so (styles/tables.css). */
export function useScrollCues(scroller: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const node = scroller.current;
    const frame = node?.parentElement;
    if (!node || !frame) return;
    const look = () => {
      const { scrollLeft, scrollTop, clientWidth, clientHeight, scrollWidth, scrollHeight } = node;
      frame.toggleAttribute('data-more-left', scrollLeft > 1);
      frame.toggleAttribute('data-more-right', scrollLeft + clientWidth < scrollWidth - 1);
      frame.toggleAttribute('data-more-below', scrollTop + clientHeight < scrollHeight - 1);
      const foot = node.querySelector('tfoot')?.offsetHeight ?? 0;
      frame.style.setProperty('--foot', `${foot + node.offsetHeight - clientHeight}px`);
      frame.style.setProperty('--bar', `${node.offsetWidth - clientWidth}px`);
    };
    const observer = new ResizeObserver(look);
    for (const one of [node, ...node.children]) observer.observe(one);
    const rows = new MutationObserver(look);
    rows.observe(node, { childList: true, subtree: true });
    node.addEventListener('scroll', look, { passive: true });
    return () => {
      observer.disconnect();
      rows.disconnect();
      node.removeEventListener('scroll', look);
    };
  }, [scroller]);
}

interface ScrollAreaProps {
  readonly label: string;
  /** Looks besides scrolling sideways: `short` scrolls down too. */
  readonly class?: string;
  readonly children: ComponentChildren;
}

/** A table that may be larger than its place: it scrolls inside, by keyboard too, and fades where it goes on. */
export function ScrollArea({ label, class: looks = '', children }: ScrollAreaProps) {
  const scroller = useRef<HTMLDivElement>(null);
  useScrollCues(scroller);
  return (
    <div class="scroll-frame">
      <div ref={scroller} class={`table-scroll ${looks}`} tabIndex={0} role="region" aria-label={label}>
        {children}
      </div>
    </div>
  );
}
