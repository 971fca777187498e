import { maxOwnerUnits } from '../../platform/limits.ts';
import { DarkroomError } from '../../platform/errors.ts';
import { unknownOwner } from '../../platform/image-origin.ts';

/** The user id of a record: its key, else the CloudEvent's subject, else nobody. */
export function ownerOf(key: string | undefined, subject: string | undefined): string {
  const owner = key ?? subject;
  if (owner === undefined || owner === '') return unknownOwner;
  // eslint-disable-next-line no-control-regex -- control characters are what it looks for
  if (owner.length > maxOwnerUnits || /[\u0000-\u001f\u007f\ufffd]/.test(owner)) {
    throw new DarkroomError(
      'message-malformed',
      `A record's key is the user id: up to ${maxOwnerUnits} characters of text.`,
    );
  }
  return owner;
}
