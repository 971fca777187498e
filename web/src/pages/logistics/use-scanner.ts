import { useEffect, useRef } from 'preact/hooks';

/** A scanner types faster than a person: milliseconds between its keys at most, and digits of a code at least. */
const scanner = { gap: 80, digits: 4 } as const;

const isTextField = (target: EventTarget | null): boolean =>
  (target instanceof HTMLInputElement && !['checkbox', 'radio', 'button'].includes(target.type)) ||
  target instanceof HTMLTextAreaElement ||
  target instanceof HTMLSelectElement;

type Field = HTMLInputElement | undefined;

/** Fields of digits, in which a person types too: a day, an order number with something in it already. */
const fieldOfDigits = (target: EventTarget | null): Field =>
  target instanceof HTMLInputElement &&
  (target.type === 'date' || (target.inputMode === 'numeric' && target.value !== ''))
    ? target
    : undefined;

function putBack(field: HTMLInputElement, value: string): void {
  field.value = value;
  field.dispatchEvent(new Event(field.type === 'date' ? 'change' : 'input', { bubbles: true }));
}

/**
 * Hears a scanner that acts as a keyboard, wherever the focus is, also in a dialog: digits in quick succession and Enter.
 * Its Enter presses no button. In a text field the keys are the field's own; a field of digits has its value back.
 */
export function useScanner(onCode: (code: string) => void): void {
  const latest = useRef(onCode);
  latest.current = onCode;
  useEffect(() => {
    let code = '';
    let last = 0;
    let held: { readonly field: Field; readonly value: string } = { field: undefined, value: '' };
    const listen = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const isFirst = code === '' || event.timeStamp - last > scanner.gap;
      last = event.timeStamp;
      if (isFirst) code = '';
      const isOfHeld = code !== '' && held.field !== undefined && held.field === event.target;
      const field = isOfHeld ? held.field : isFirst ? fieldOfDigits(event.target) : undefined;
      if (field === undefined && isTextField(event.target)) return;
      if (/^\d$/.test(event.key)) {
        if (code === '') held = { field, value: field?.value ?? '' };
        code += event.key;
      } else if (event.key === 'Enter' && code.length >= scanner.digits) {
        event.preventDefault();
        event.stopPropagation();
        if (held.field !== undefined) putBack(held.field, held.value);
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
