/** What the sandbox takes of the app that it runs in. */
export const sandboxLimits = {
  /** A photo that somebody sends. Less than the host takes, so that the refusal is ours. */
  maxPhotoBytes: 15 * 2 ** 20,
  /** A stored image that a shadow run reads. */
  maxStoredBytes: 32 * 2 ** 20,
  /** A variant that is shown and not only measured. */
  maxShownBytes: 4 * 2 ** 20,
  /** Requests that wait while one is in work. */
  waiting: 2,
  describeMs: 20_000,
} as const;
