import { z } from 'zod';
import { DarkroomError } from '../../platform/errors.ts';
import { maxSenderIdUnits } from '../../platform/limits.ts';
import { attributeText } from '../../stream/attribute-text.ts';

/** Chunks of one image. A hub takes 1 MB, an upload 90 MB; small chunks are allowed, absurdly many are not. */
const maxChunks = 10_000;

const number = z
  .string()
  .regex(/^\d{1,9}$/)
  .transform(Number);

const chunkHeaders = z.object({
  'chunk-id': attributeText(maxSenderIdUnits),
  'chunk-index': number,
  'chunk-count': number.refine((count) => count >= 1 && count <= maxChunks),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/i)
    .transform((hex) => hex.toLowerCase()),
});

export interface ChunkPlace {
  readonly chunkId: string;
  /** From 0. */
  readonly index: number;
  readonly count: number;
  /** Of the whole image, hex. */
  readonly sha256: string;
}

export const isChunk = (headers: ReadonlyMap<string, string>): boolean =>
  headers.has('chunk-id') || headers.has('chunk-index') || headers.has('chunk-count');

export function readChunk(headers: ReadonlyMap<string, string>): ChunkPlace {
  const result = chunkHeaders.safeParse(Object.fromEntries(headers));
  if (!result.success) {
    const names = [...new Set(result.error.issues.map(({ path }) => path.join('.')))];
    throw new DarkroomError('message-malformed', `A chunk needs valid headers: look at ${names.join(', ')}.`);
  }
  const { 'chunk-id': chunkId, 'chunk-index': index, 'chunk-count': count, sha256 } = result.data;
  if (index >= count) {
    throw new DarkroomError('message-malformed', 'chunk-index counts from 0 and must be below chunk-count.');
  }
  return { chunkId, index, count, sha256 };
}
