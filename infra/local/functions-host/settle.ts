/** Waits for a promise whose failure has been logged where it happened. */
export const settle = async (work: Promise<unknown>): Promise<void> => {
  await Promise.allSettled([work]);
};
