import type { HttpRequest } from '@azure/functions';
import { DarkroomError } from '../errors.ts';

/** The body as it comes, empty when there is none. One that breaks off before its end is `invalid-request`. */
export async function* requestBody({ body }: Pick<HttpRequest, 'body'>): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) yield chunk;
  } catch (cause) {
    throw new DarkroomError('invalid-request', 'The body ended before its end: send it again.', { cause });
  }
}
