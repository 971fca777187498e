import { useEffect, useRef } from 'preact/hooks';

/** A scanner types faster than a person: milliseconds between its keys at most, and digits of a code at least. */
const scanner = { gap: 80, digits: 4 } as const;

const isTextField = (target: EventTarget | null): boolean =>
  (target instanceof HTMLInputElement && !['checkbox', 'radio', 'button'].includes(target.type)) ||
  target instanceof HTMLTextAreaElement ||
  target instanceof HTMLSelectElement;

/**
 * Hears a scanner that acts as a keyboard, wherever the focus is, also in a dialog: digits in quick succession and Enter.
 * Its Enter presses no button. In a text field the keys are the field's own.
 */
export function useScanner(onCode: (code: string) => void): void {
  const latest = useRef(onCode);
  latest.current = onCode;
  useEffect(() => {
    let code = '';
    let last = 0;
    const listen = (event: KeyboardEvent) => {
      if (isTextField(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.timeStamp - last > scanner.gap) code = '';
      last = event.timeStamp;
      if (/^\d$/.test(event.key)) {
        code += event.key;
      } else if (event.key === 'Enter' && code.length >= scanner.digits) {
        event.preventDefault();
        event.stopPropagation();
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
