import { DarkroomError } from '../../platform/errors.ts';

function before(first: string | undefined, given: string): string {
  if (first === undefined) return 'This id came before from another user, with bytes that were not kept';
  const from = first === given ? ' from another user' : '';
  return `This id came before${from} with the sha256 ${first}`;
}

/** An id of an image that came before with other bytes, or from another owner. Digests are SHA-256, hex. */
export const idReused = (first: string | undefined, given: string): DarkroomError =>
  new DarkroomError(
    'id-reused',
    `${before(first, given)}; these bytes have the sha256 ${given}. Send them under an id of their own.`,
    { details: { first: first ?? null, given } },
  );
