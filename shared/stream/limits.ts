/** Bounds of the pipeline's functions. */
export const pipelineLimits = {
  /** Records of `image-stream` in work at once in one host. Each holds at most an event's bytes. */
  streamConcurrency: 16,
  /** How long the chunks of one image may take to arrive. Milliseconds. */
  chunksLifetimeMs: 15 * 60_000,
} as const;
