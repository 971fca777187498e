import { useEffect, useRef } from 'preact/hooks';

/** A scanner types faster than a person: milliseconds between its keys at most, and digits of a code at least. */
const scanner = { gap: 80, digits: 4 } as const;

/** An Enter so soon after a scan is no person's: scanners may end a code with two of them. Milliseconds. */
const echo = 300;

type Field = HTMLInputElement | undefined;

/** In which the keys of a scan leave something. */
const fieldOf = (target: EventTarget | null): Field =>
  target instanceof HTMLInputElement && !['checkbox', 'radio', 'button'].includes(target.type)
    ? target
    : undefined;

function putBack(field: HTMLInputElement, value: string): void {
  field.value = value;
  field.dispatchEvent(new Event(field.type === 'date' ? 'change' : 'input', { bubbles: true }));
}

function swallow(event: Event): void {
  event.preventDefault();
  event.stopPropagation();
}

/**
 * Hears a scanner that acts as a keyboard, wherever the focus is, also in a dialog: digits in quick succession and Enter.
 * A field has its value back. Neither the Enter of a scan nor one that is held presses anything.
 */
export function useScanner(onCode: (code: string) => void): void {
  const latest = useRef(onCode);
  latest.current = onCode;
  useEffect(() => {
    let code = '';
    let last = 0;
    let heardAt = -Infinity;
    let held: { readonly field: Field; readonly value: string } = { field: undefined, value: '' };
    const listen = (event: KeyboardEvent) => {
      const { key, repeat, target, timeStamp, ctrlKey, metaKey, altKey } = event;
      if (ctrlKey || metaKey || altKey) return;
      const field = fieldOf(target);
      if (timeStamp - last > scanner.gap || field !== held.field) code = '';
      last = timeStamp;
      if (key === 'Enter' && (repeat || (code === '' && timeStamp - heardAt < echo))) {
        swallow(event);
      } else if (/^\d$/.test(key)) {
        if (code === '') held = { field, value: field?.value ?? '' };
        code += key;
      } else if (key === 'Enter' && code.length >= scanner.digits) {
        swallow(event);
        if (held.field !== undefined) putBack(held.field, held.value);
        heardAt = timeStamp;
        latest.current(code);
        code = '';
      } else {
        code = '';
      }
    };
    document.addEventListener('keydown', listen, { capture: true });
    return () => document.removeEventListener('keydown', listen, { capture: true });
  }, []);
}
