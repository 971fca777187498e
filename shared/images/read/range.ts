import { DarkroomError } from '../../platform/errors.ts';
import type { ByteRange } from '../store/ports.ts';

const single = /^bytes=(\d*)-(\d*)$/;

/**
 * The one range that a `Range` header asks for of `size` bytes (RFC 9110, section 14). Undefined when the whole is to
 * be sent: no header, another unit, a malformed or a multiple range. Throws `range-not-satisfiable`.
 */
export function rangeOf(header: string | null, size: number): ByteRange | undefined {
  const [, first = '', last = ''] = single.exec(header?.trim() ?? '') ?? [];
  if (first === '' && last === '') return undefined;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (first !== '' && last !== '' && Number(last) < start) return undefined;
  if (start >= size || (first === '' && Number(last) === 0)) {
    throw new DarkroomError('range-not-satisfiable', `There are ${size} bytes, so no such range.`, {
      details: { contentRange: `bytes */${size}` },
    });
  }
  return { start, end };
}

const explicit = /^bytes=\d+-\d+$/;

/** The range that a header names by itself, whatever the size; undefined when it takes the size to know, or there is none. */
export const explicitRange = (header: string | null): ByteRange | undefined =>
  header !== null && explicit.test(header.trim()) ? rangeOf(header, Number.MAX_SAFE_INTEGER) : undefined;

/** Strong entity tags of an `If-None-Match` or `If-Range` header; `*` stands for any. */
const tagsOf = (header: string): string[] => header.split(',').map((tag) => tag.trim());

/** True when the caller's copy is the present one (weak comparison, as RFC 9110 has it for If-None-Match). */
export const isNotModified = (ifNoneMatch: string | null, etag: string): boolean =>
  ifNoneMatch !== null && tagsOf(ifNoneMatch).some((tag) => tag === '*' || tag.replace(/^W\//, '') === etag);

/** True when a range of the present bytes fits the part that the caller has; dates never do, for we send none. */
export const mayUseRange = (ifRange: string | null, etag: string): boolean =>
  ifRange === null || ifRange.trim() === etag;
