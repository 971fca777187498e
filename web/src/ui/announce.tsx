import { signal } from '@preact/signals';
import { CloseIcon } from './icons.tsx';

interface Toast {
  readonly id: number;
  readonly text: string;
  readonly action?: { readonly label: string; readonly run: () => void } | undefined;
}

const toasts = signal<readonly Toast[]>([]);
const spoken = signal('');
let next = 1;

/** Says one thing once, to those who listen instead of look. */
export function announce(text: string): void {
  // The same sentence twice is two events: a trailing no-break space makes it a change.
  spoken.value = spoken.value === text ? `${text}\u00a0` : text;
}

export interface ToastOptions {
  readonly action?: Toast['action'];
  /** Milliseconds until it goes by itself. */
  readonly lasts?: number;
}

/** Shows and announces an outcome. Answers how to take it away early. */
export function toast(text: string, { action, lasts = 6000 }: ToastOptions = {}): () => void {
  const id = next++;
  const dismiss = () => {
    toasts.value = toasts.value.filter((one) => one.id !== id);
  };
  toasts.value = [...toasts.value.slice(-2), { id, text, action }];
  announce(text);
  setTimeout(dismiss, lasts);
  return dismiss;
}

function ToastView({ id, text, action }: Toast) {
  const dismiss = () => {
    toasts.value = toasts.value.filter((one) => one.id !== id);
  };
  return (
    <div class="toast">
      <span>{text}</span>
      {action && (
        <button
          class="button"
          onClick={() => {
            dismiss();
            action.run();
          }}
        >
          {action.label}
        </button>
      )}
      <button class="button icon" aria-label="Dismiss" onClick={dismiss}>
        <CloseIcon />
      </button>
    </div>
  );
}

/** The one live region: of the page, or of an open dialog, beside which the page is silent. */
export const LiveRegion = () => (
  <div class="visually-hidden" role="status" aria-live="polite" data-testid="announcement">
    {spoken.value}
  </div>
);

/** The live region of the page, and the notices beside it. */
export function Announcer() {
  return (
    <>
      <LiveRegion />
      <section class="toasts" aria-label="Notices">
        {toasts.value.map((one) => (
          <ToastView key={one.id} {...one} />
        ))}
      </section>
    </>
  );
}
