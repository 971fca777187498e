import { day } from './clock.ts';

/** How long an image may exist in any store, from its upload. */
export const imageLifetimeDays = 7;

export const deleteAtOf = (uploadedAt: Date): Date =>
  new Date(uploadedAt.getTime() + imageLifetimeDays * day);
