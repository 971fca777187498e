import { maxOwnerUnits } from '../../platform/limits.ts';
import { DarkroomError } from '../../platform/errors.ts';
import { unknownOwner } from '../../platform/image-origin.ts';
import { isReadableText } from '../../stream/attribute-text.ts';

/** The user id of a record: its key, else the CloudEvent's subject, else nobody. */
export function ownerOf(key: string | undefined, subject: string | undefined): string {
  const owner = key ?? subject;
  if (owner === undefined || owner === '') return unknownOwner;
  if (owner.length > maxOwnerUnits || !isReadableText(owner)) {
    throw new DarkroomError(
      'message-malformed',
      `A record's key is the user id: up to ${maxOwnerUnits} characters of text.`,
    );
  }
  return owner;
}
