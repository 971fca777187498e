import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { SessionEnded } from '../session/session-ended.tsx';
import { session } from '../session/session.ts';
import { LiveRegion } from './announce.tsx';
import { CloseIcon } from './icons.tsx';

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
  readonly footer?: ComponentChildren;
  readonly wide?: boolean;
  /** As large as the window. */
  readonly full?: boolean;
}

/** A native modal dialog: focus stays in it, Escape closes it, and focus returns to where it was. */
export function Dialog({ title, onClose, children, footer, wide = false, full = false }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const titleId = useId();
  useEffect(() => {
    const before = document.activeElement;
    const node = dialog.current;
    node?.showModal();
    // Not the button that closes, which comes first: the Enter of a hurry would end what was just opened.
    if (!node?.querySelector('[autofocus]')) heading.current?.focus();
    return () => {
      node?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      class={full ? 'full' : wide ? 'wide' : ''}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <div class="dialog-head">
        <h2 id={titleId} ref={heading} tabIndex={-1}>
          {title}
        </h2>
        <button type="button" class="button quiet icon" aria-label="Close" onClick={onClose}>
          <CloseIcon />
        </button>
      </div>
      {/* What lies behind a modal dialog cannot be reached. */}
      {session.value.state === 'ended' && <SessionEnded />}
      <div class="dialog-body">{children}</div>
      <LiveRegion />
      {footer !== undefined && <div class="dialog-foot">{footer}</div>}
    </dialog>
  );
}
