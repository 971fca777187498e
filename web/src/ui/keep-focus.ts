/**
 * Focus is never lost: when what had it goes away (a row that was packed, a button that became another), the nearest
 * thing in the same place gets it, so that whoever works by keyboard goes on from there.
 */

const focusable =
  'a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), textarea:not(:disabled), summary, [tabindex="0"]';

interface Place {
  readonly within: Element;
  /** Which of the focusable elements in it had the focus. */
  readonly index: number;
}

const focusableIn = (element: Element): readonly HTMLElement[] =>
  [...element.querySelectorAll<HTMLElement>(focusable)].filter((one) => one.tabIndex >= 0);

/** The elements around one, from the inside out as far as the page or dialog, and its place in each. */
function placesOf(element: Element): readonly Place[] {
  const places: Place[] = [];
  for (let around = element.parentElement; around !== null; around = around.parentElement) {
    places.push({ within: around, index: focusableIn(around).indexOf(element as HTMLElement) });
    if (around.matches('main, dialog, body')) break;
  }
  return places;
}

function findNear(places: readonly Place[]): HTMLElement | undefined {
  for (const { within, index } of places) {
    if (!within.isConnected) continue;
    const candidates = focusableIn(within);
    const nearest = candidates[Math.min(Math.max(index, 0), candidates.length - 1)];
    if (nearest) return nearest;
  }
  return document.querySelector<HTMLElement>('main h1') ?? undefined;
}

/** Watches the document from now on. */
export function keepFocus(): void {
  let focused: Element | undefined;
  let places: readonly Place[] = [];
  document.addEventListener('focusin', ({ target }) => {
    if (!(target instanceof Element) || target.matches('h1')) return;
    focused = target;
    places = placesOf(target);
  });
  document.addEventListener('focusout', () => {
    // Given up by the person, not lost: nothing is to be done when it goes away later.
    setTimeout(() => {
      if (focused?.isConnected !== true || focused.matches(':disabled')) return;
      if (document.activeElement === document.body) focused = undefined;
    });
  });
  const look = () => {
    if (focused === undefined || document.activeElement !== document.body) return;
    if (!focused.isConnected) findNear(places)?.focus({ preventScroll: true });
    // A button that was busy can be pressed again.
    else if (!focused.matches(':disabled')) (focused as HTMLElement).focus({ preventScroll: true });
  };
  new MutationObserver(look).observe(document.body, {
    ...{ childList: true, subtree: true },
    attributeFilter: ['disabled'],
  });
}
