import type { Seal } from '../../platform/auth/seal.ts';
import { hour, type Clock } from '../../platform/clock.ts';
import { apiPrefix } from '../../platform/http/links.ts';

/** What a signed address lets through: one variant of one image, in one version of its bytes, until a moment. */
export interface SignedAddress {
  readonly imageId: string;
  readonly variant: string;
  /** Start of the SHA-256 of the bytes, so that new bytes have a new address and caches may keep the old for good. */
  readonly version: string;
  /** Seconds since 1970. */
  readonly expires: number;
}

const purpose = 'variant-url';

/** Addresses stay the same for an hour, so that caches can work, and are good for one to two. */
const step = hour;

/** When the last address ends that was given for an image until now. */
export const lastExpiry = (now: Date, deleteAt: Date): Date =>
  new Date(Math.min((Math.floor(now.getTime() / step) + 2) * step, deleteAt.getTime()));

/** Hex digits of the digest in an address. */
const versionLength = 16;

export const versionOf = (sha256: string): string => sha256.slice(0, versionLength);

const textOf = ({ imageId, variant, version, expires }: SignedAddress): string =>
  [imageId, variant, version, expires].join('\n');

/** A query as `query` writes it, and no other way to say the same. */
const written = /^\?version=([0-9a-f]{16})&expires=([1-9]\d{0,11})&signature=([\w-]{43})$/;

export interface UrlSigner {
  /** Query parameters `version`, `expires` and `signature`, behind `?`; never good past `deleteAt`. */
  query(imageId: string, variant: string, sha256: string, deleteAt: Date): string;
  /**
   * Of an address as it came, `…/{imageId}/{variant}?…`: what it lets through, `expired`, or `forged` for anything that is
   * not to the letter what `query` wrote, another parameter and another encoding included.
   */
  check(target: URL, imageId: string, variant: string): SignedAddress | 'expired' | 'forged';
}

export function makeUrlSigner(seal: Seal, clock: Clock): UrlSigner {
  return {
    query(imageId, variant, sha256, deleteAt) {
      const end = lastExpiry(clock.now(), deleteAt).getTime();
      const address = { imageId, variant, version: versionOf(sha256), expires: Math.floor(end / 1000) };
      const signature = seal.sign(purpose, textOf(address));
      return `?version=${address.version}&expires=${address.expires}&signature=${signature}`;
    },
    check({ pathname, search }, imageId, variant) {
      const [, version = '', expires = '', signature = ''] = written.exec(search) ?? [];
      const address = { imageId, variant, version, expires: Number(expires) };
      const isExact = signature !== '' && pathname === `${apiPrefix}/images/${imageId}/${variant}`;
      if (!isExact || !seal.verify(purpose, textOf(address), signature)) return 'forged';
      return clock.now().getTime() < address.expires * 1000 ? address : 'expired';
    },
  };
}
