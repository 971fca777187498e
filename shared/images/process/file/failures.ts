import { DarkroomError } from '../../../platform/errors.ts';

/** The file system's, as Node throws them. */
export const isOfSystem = (error: unknown): boolean =>
  typeof (error as { syscall?: unknown } | undefined)?.syscall === 'string';

/** A full disk, or one that fails, says nothing of the image. */
export const diskFailure = (cause: unknown): DarkroomError =>
  (cause as { code?: string }).code === 'ENOSPC'
    ? new DarkroomError(
        'storage-full',
        'There is no room on the disk to work on the image: make room, and it goes on by itself.',
        { cause },
      )
    : new DarkroomError(
        'unavailable',
        'The disk on which the image is worked on cannot be used; try again later.',
        { cause },
      );
