import { DarkroomError } from '../platform/errors.ts';

/** A row version as an entity tag, and back. */
export const etagOf = (rowVersion: number): string => `"${rowVersion}"`;

/** The version in If-Match; undefined when there is none or any will do. */
export function seenVersion(headers: { get(name: string): string | null }): number | undefined {
  const header = headers.get('if-match');
  if (header === null || header.trim() === '*') return undefined;
  const version = /^\s*(?:W\/)?"(\d{1,9})"\s*$/.exec(header)?.[1];
  if (version !== undefined) return Number(version);
  throw new DarkroomError('invalid-request', 'If-Match must hold one etag, as the last answer had it.');
}

/** As seenVersion; throws `precondition-required` without one. */
export function requireSeenVersion(headers: { get(name: string): string | null }): number {
  const version = seenVersion(headers);
  if (version !== undefined) return version;
  throw new DarkroomError(
    'precondition-required',
    'Say which version you changed: send If-Match with the etag that you read.',
  );
}
