import { DarkroomError } from '../../platform/errors.ts';
import type { Acceptance } from './accept-image.ts';

const idErased = (): DarkroomError =>
  new DarkroomError(
    'erased-id',
    'The image that had this id was erased, and an id lives once: send this one under an id of its own.',
  );

/** For a record that brings bytes: throws `erased-id` when its id is of an image that was erased. */
export function refuseErased(acceptance: Acceptance): void {
  if (acceptance === 'erased') throw idErased();
}
