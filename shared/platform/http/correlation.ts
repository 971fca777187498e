import { randomUUID } from 'node:crypto';

export const correlationHeader = 'x-correlation-id';

const acceptable = /^[\w.:-]{8,64}$/;
const traceparent = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}/;

/** The id that follows a request to the purge: the caller's, else that of its W3C trace, else a new one. */
export function correlationIdOf(headers: { get(name: string): string | null }): string {
  const own = headers.get(correlationHeader);
  if (own !== null && acceptable.test(own)) return own;
  return traceparent.exec(headers.get('traceparent') ?? '')?.[1] ?? randomUUID();
}
