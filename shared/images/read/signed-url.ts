import type { Seal } from '../../platform/auth/seal.ts';
import { hour, type Clock } from '../../platform/clock.ts';

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

/** Hex digits of the digest in an address. */
const versionLength = 16;

export const versionOf = (sha256: string): string => sha256.slice(0, versionLength);

const textOf = ({ imageId, variant, version, expires }: SignedAddress): string =>
  [imageId, variant, version, expires].join('\n');

export interface UrlSigner {
  /** Query parameters `version`, `expires` and `signature`, behind `?`; never good past `deleteAt`. */
  query(imageId: string, variant: string, sha256: string, deleteAt: Date): string;
  /** `valid`, `expired`, or `forged` for any signature that is not ours. */
  check(address: SignedAddress, signature: string): 'valid' | 'expired' | 'forged';
}

export function makeUrlSigner(seal: Seal, clock: Clock): UrlSigner {
  return {
    query(imageId, variant, sha256, deleteAt) {
      const end = Math.min((Math.floor(clock.now().getTime() / step) + 2) * step, deleteAt.getTime());
      const address = { imageId, variant, version: versionOf(sha256), expires: Math.floor(end / 1000) };
      const signature = seal.sign(purpose, textOf(address));
      return `?version=${address.version}&expires=${address.expires}&signature=${signature}`;
    },
    check(address, signature) {
      if (!seal.verify(purpose, textOf(address), signature)) return 'forged';
      return clock.now().getTime() < address.expires * 1000 ? 'valid' : 'expired';
    },
  };
}
