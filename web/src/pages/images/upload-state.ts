/** Where one file of the queue stands. */
export type UploadState =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'checking' }
  | { readonly kind: 'sending'; readonly sent: number }
  | { readonly kind: 'paused'; readonly sent: number; readonly by: 'person' | 'connection' }
  /** The service has it; what becomes of it is the image's own status. */
  | { readonly kind: 'sent'; readonly imageId: string }
  | { readonly kind: 'duplicate'; readonly imageId: string }
  /** Sending the same again would be refused again. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** Sending again may help. */
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'cancelled' };

/** Takes one of the places in which files are sent side by side. */
export const isRunning = ({ kind }: UploadState): boolean => kind === 'checking' || kind === 'sending';

/** Nothing more happens to this row unless somebody asks for it. */
export const isOver = ({ kind }: UploadState): boolean =>
  kind === 'sent' || kind === 'duplicate' || kind === 'refused' || kind === 'cancelled';

/** What "retry" sends: only what failed, never what was refused, stopped on purpose or went through. */
export const mayRetry = ({ kind }: UploadState): boolean => kind === 'failed';
