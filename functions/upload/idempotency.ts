import { DarkroomError } from '../../shared/platform/errors.ts';
import { deriveImageId, randomImageId } from '../../shared/platform/image-id.ts';
import { maxSenderIdUnits } from '../../shared/platform/limits.ts';

/** Visible ASCII; quotes around it, as in the IETF draft's structured field, are part of the key. */
const visible = /^[\x21-\x7e]+$/;

/** Undefined without the header. */
export function idempotencyKeyOf(headers: { get(name: string): string | null }): string | undefined {
  const key = headers.get('idempotency-key');
  if (key === null) return undefined;
  if (key.length <= maxSenderIdUnits && visible.test(key)) return key;
  throw new DarkroomError(
    'invalid-request',
    `An Idempotency-Key has 1 to ${maxSenderIdUnits} visible ASCII characters and no spaces.`,
  );
}

/** The same key gives the same id, to the same owner; the files of a form are told apart by their place. */
export function uploadId(owner: string, key: string | undefined, file?: number): string {
  if (key === undefined) return randomImageId();
  return file === undefined
    ? deriveImageId('http', owner, key)
    : deriveImageId('http', owner, key, String(file));
}
