import { createHmac, timingSafeEqual } from 'node:crypto';

/** Signatures of ours over short texts: signed URLs and cursors. A purpose keeps the one from passing as the other. */
export interface Seal {
  sign(purpose: string, text: string): string;
  /** True for a signature made with the present key or, while keys rotate, the one before. */
  verify(purpose: string, text: string, signature: string): boolean;
}

/** HMAC-SHA256 under keys given in base64. */
export function makeSeal(key: string, previousKey?: string): Seal {
  const keys = [key, ...(previousKey === undefined ? [] : [previousKey])].map((text) =>
    Buffer.from(text, 'base64'),
  );
  const mac = (secret: Buffer, purpose: string, text: string): Buffer =>
    createHmac('sha256', secret).update(`darkroom/${purpose}\n${text}`).digest();
  return {
    sign: (purpose, text) => mac(keys[0]!, purpose, text).toString('base64url'),
    verify: (purpose, text, signature) => {
      // The text, not what it decodes to: base64 has several texts for the same bytes.
      const given = Buffer.from(signature);
      return keys.some((secret) => {
        const expected = Buffer.from(mac(secret, purpose, text).toString('base64url'));
        return given.length === expected.length && timingSafeEqual(given, expected);
      });
    },
  };
}
