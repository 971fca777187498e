const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** What a key that is no text begins with; behind it are its bytes in base64url. */
const binaryKeyPrefix = 'base64url:';

/** No text that somebody would sign in with. */
// eslint-disable-next-line no-control-regex -- control characters are what it looks for
const unreadable = /[\u0000-\u001f\u007f-\u009f\ufffd]/;

const asBinary = (bytes: Uint8Array): string =>
  `${binaryKeyPrefix}${Buffer.from(bytes).toString('base64url')}`;

/**
 * A record's key as text. One that is no text, such as a serialized number, has a form of its own that no text has, so that
 * two keys are the same text only when they are the same bytes.
 */
export function keyText(bytes: Uint8Array): string {
  try {
    const text = strictUtf8.decode(bytes);
    return unreadable.test(text) || text.startsWith(binaryKeyPrefix) ? asBinary(bytes) : text;
  } catch {
    return asBinary(bytes);
  }
}
