import { z } from 'zod';
import { DarkroomError } from '../platform/errors.ts';
import type { DeadRecord } from './record.ts';

const header = z.union([
  z.object({ text: z.string() }),
  z.object({ base64: z.base64() }).transform(({ base64 }) => ({ bytes: Buffer.from(base64, 'base64') })),
]);
const head = z.object({
  key: z.string().optional(),
  enqueuedAt: z.iso.datetime().transform((at) => new Date(at)),
  headers: z.record(z.string(), header),
});

const newline = 0x0a;

/** A whole record as bytes: key, time and headers as one line of JSON, then the value as it is. */
export function frameRecord({ key, value, headers, enqueuedAt }: DeadRecord): Uint8Array {
  const line = JSON.stringify({
    key,
    enqueuedAt,
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, content]) => [
        name,
        typeof content === 'string' ? { text: content } : { base64: Buffer.from(content).toString('base64') },
      ]),
    ),
  });
  return Buffer.concat([Buffer.from(`${line}\n`), value]);
}

/** Throws `message-malformed`. */
export function unframeRecord(bytes: Uint8Array): DeadRecord {
  const end = bytes.indexOf(newline);
  try {
    const { key, enqueuedAt, headers } = head.parse(
      JSON.parse(Buffer.from(bytes.subarray(0, end)).toString('utf8')),
    );
    return {
      key,
      enqueuedAt,
      value: bytes.subarray(end + 1),
      headers: Object.fromEntries(
        Object.entries(headers).map(([name, content]) => [
          name,
          'text' in content ? content.text : content.bytes,
        ]),
      ),
    };
  } catch (cause) {
    throw new DarkroomError('message-malformed', 'The payload of the dead letter cannot be read.', { cause });
  }
}
