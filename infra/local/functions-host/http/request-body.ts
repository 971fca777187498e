import type { IncomingMessage } from 'node:http';
import { Transform } from 'node:stream';

/** Kestrel's default, which the app setting FUNCTIONS_REQUEST_BODY_SIZE_LIMIT overrides (HttpRequestBodySizeMiddleware). */
export const defaultMaxBodyBytes = 104_857_600;

/** Whether the host reads the whole body before it starts the function: so it does when the length is declared. */
export const isHeld = ({ headers }: IncomingMessage): boolean => Number(headers['content-length'] ?? 0) > 0;

/** The body of a declared length, held whole. */
export async function readHeldBody(incoming: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const length = Number(incoming.headers['content-length']);
  if (length > maxBytes) throw new Error('Request body too large.');
  const body = Buffer.allocUnsafe(length);
  let at = 0;
  try {
    for await (const chunk of incoming as AsyncIterable<Buffer>) at += chunk.copy(body, at);
  } catch (cause) {
    throw new Error('Unexpected end of request content.', { cause });
  }
  return body;
}

/** Passes a chunked body on, and breaks it off over the limit. */
export function limitBody(maxBytes: number): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes > maxBytes) done(new Error('Request body too large.'));
      else done(null, chunk);
    },
  });
}
