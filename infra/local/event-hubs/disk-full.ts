/** Whether a write failed because the disk has no room: clients are told so by a code of its own, and try again. */
export const isDiskFull = (error: unknown): boolean =>
  (error as NodeJS.ErrnoException | undefined)?.code === 'ENOSPC';
