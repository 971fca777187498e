import { day } from './clock.ts';

/** How long an image may exist in any store, from its upload. */
export const imageLifetimeDays = 7;

export const deleteAtOf = (uploadedAt: Date): Date =>
  new Date(uploadedAt.getTime() + imageLifetimeDays * day);

/** When an image was uploaded that is due then. */
export const uploadedAtOf = (deleteAt: Date): Date => new Date(deleteAt.getTime() - imageLifetimeDays * day);
