/**
 * What no code of this release uses any more, so that the next one may drop it: `schema.view`, `schema.view.column` or
 * `schema.procedure`. A deployment drops nothing else, since the release before it could not be gone back to.
 */
export const leaving: readonly string[] = [];
