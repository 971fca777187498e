import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { editableValue, issueIn, ProductField, readField, type Field } from './product-fields.tsx';

interface CellEditorProps {
  readonly field: Field;
  /** What stands there first, and whether all of it is selected. */
  readonly first: string;
  readonly isSelected: boolean;
  readonly onSave: (value: string, typed: string) => void;
  /** What was typed cannot be read, and the focus is elsewhere already. */
  readonly onUnread: (typed: string, issue: string) => void;
  /** The cell takes the focus, or the editable one after or before it. */
  readonly onLeave: (to?: 'next' | 'previous') => void;
}

/** Once the focus has settled, and what is pressed was released: nothing moves under the pointer until then. */
function afterThePress(run: () => void): void {
  if (document.querySelector(':active') === null) {
    setTimeout(run);
    return;
  }
  const once = new AbortController();
  const released = () => {
    once.abort();
    setTimeout(run);
  };
  for (const event of ['pointerup', 'pointercancel'])
    addEventListener(event, released, { signal: once.signal });
}

/** A value of a product, edited in its cell: Enter and Tab save, Escape leaves, and so does the focus, with what is right. */
export function CellEditor({ field, first, isSelected, onSave, onUnread, onLeave }: CellEditorProps) {
  const [typed, setTyped] = useState(first);
  const [issue, setIssue] = useState<string>();
  const place = useRef<HTMLDivElement>(null);
  const isLeft = useRef(false);
  const input = () => place.current!.querySelector('input')!;
  useLayoutEffect(() => {
    input().focus();
    if (isSelected) input().select();
    else input().setSelectionRange(first.length, first.length);
  }, []);
  /** Answers whether it could be read. */
  const take = (text: string): boolean => {
    const read = readField(field, text);
    setIssue(issueIn(read));
    if (!('value' in read)) return false;
    isLeft.current = true;
    onSave(read.value, text);
    return true;
  };
  const keys = (event: KeyboardEvent) => {
    const { key, target } = event;
    if (event.isComposing || isLeft.current) return;
    if (key === 'Escape') {
      event.stopPropagation();
      isLeft.current = true;
      onLeave();
    } else if (key === 'Enter' && target === input()) {
      event.preventDefault();
      if (take(input().value)) onLeave();
    } else if (key === 'Tab') {
      // Where two numbers may be meant, the next stops are the two.
      if ('choices' in readField(field, input().value)) return;
      event.preventDefault();
      if (take(input().value)) onLeave(event.shiftKey ? 'previous' : 'next');
    }
  };
  const leaveWithFocus = () => {
    const cell = place.current?.parentElement;
    if (isLeft.current || !cell || !document.hasFocus() || cell.contains(document.activeElement)) return;
    const text = input().value;
    if (take(text)) return;
    isLeft.current = true;
    onUnread(text, issueIn(readField(field, text))!);
  };
  return (
    <div ref={place} class="cell-editor" onKeyDown={keys} onFocusOut={() => afterThePress(leaveWithFocus)}>
      <ProductField
        field={field}
        value={typed}
        issue={issue}
        onInput={setTyped}
        onChoose={(value) => {
          take(editableValue(field, value));
          onLeave();
        }}
      />
    </div>
  );
}
