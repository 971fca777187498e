import { isEmbedded } from './open.ts';

/** The same embedded database, signed in as its owner; other servers' addresses name their owner themselves. */
export function ownerAddress(address: string): string {
  if (!isEmbedded(address)) return address;
  const url = new URL(address);
  url.username = 'postgres';
  return url.href;
}
