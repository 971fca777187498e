import { createHash } from 'node:crypto';
import { Crc32c } from '@aws-crypto/crc32c';
import { DarkroomError } from '../../../platform/errors.ts';

/** Algorithms of the tus checksum extension, as `Tus-Checksum-Algorithm` lists them. */
export const checksumAlgorithms = ['sha1', 'sha256', 'crc32c'] as const;
export type ChecksumAlgorithm = (typeof checksumAlgorithms)[number];

export interface Checksum {
  readonly algorithm: ChecksumAlgorithm;
  readonly digest: Buffer;
}

/** A running digest; crc32c is four bytes, big endian. */
export interface Digester {
  update(chunk: Uint8Array): void;
  digest(): Buffer;
}

export function digester(algorithm: ChecksumAlgorithm): Digester {
  if (algorithm !== 'crc32c') {
    const hash = createHash(algorithm);
    return { update: (chunk) => void hash.update(chunk), digest: () => hash.digest() };
  }
  const crc = new Crc32c();
  return {
    update: (chunk) => void crc.update(chunk),
    digest: () => {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(crc.digest());
      return bytes;
    },
  };
}

/** Throws `checksum-mismatch` unless the digest of what came is the one that was announced. */
export function verifyChecksum(announced: Checksum, seen: Digester): void {
  if (seen.digest().equals(announced.digest)) return;
  throw new DarkroomError(
    'checksum-mismatch',
    `The bytes do not have the ${announced.algorithm} that Upload-Checksum announced; nothing of this request was kept. Send it again.`,
  );
}
