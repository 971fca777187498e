import type { DeadRecord } from '../stream/record.ts';
import { readHeaders } from '../stream/headers.ts';

/** What can be shown of a record without showing whose it is or what is on it. */
export interface RecordPreview {
  readonly bytes: number;
  readonly contentType: string | null;
  /** Names only: a value may say who somebody is. */
  readonly headers: readonly string[];
  readonly hasKey: boolean;
  /** The first bytes, where a format tells itself. Hex. */
  readonly begins: string;
  /** Names of the fields, when the value is a JSON object. */
  readonly fields: readonly string[] | null;
}

const beginningBytes = 12;
/** A value larger than this is not parsed for a preview. */
const maxParsedBytes = 1024 * 1024;

function fieldsOf(value: Uint8Array): string[] | null {
  if (value[0] !== 0x7b || value.byteLength > maxParsedBytes) return null;
  try {
    return Object.keys(JSON.parse(Buffer.from(value).toString('utf8')) as object);
  } catch {
    return null;
  }
}

function contentTypeOf(record: DeadRecord): string | null {
  try {
    return readHeaders(record.headers).get('content-type') ?? null;
  } catch {
    return null;
  }
}

export const previewOf = (record: DeadRecord): RecordPreview => {
  const fields = fieldsOf(record.value);
  return {
    bytes: record.value.byteLength,
    contentType: contentTypeOf(record),
    headers: Object.keys(record.headers),
    hasKey: record.key !== undefined,
    // The first bytes of a text are words; those of a picture are its format.
    begins: fields === null ? Buffer.from(record.value.subarray(0, beginningBytes)).toString('hex') : '7b',
    fields,
  };
};
