import { z } from 'zod';
import { DarkroomError } from '../../../platform/errors.ts';

/** Blocks that one writing session staged, as a run: `token` and a counter make their ids. */
const run = z.object({ token: z.string(), count: z.number().int().positive() });

const concatenation = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('partial') }),
  z.object({
    kind: z.literal('final'),
    partials: z.array(z.string()),
    /** `Upload-Concat` as the client sent it, to be answered unchanged. */
    header: z.string(),
  }),
]);

/** The state of a resumable upload; its bytes are uncommitted blocks until it is complete. */
const uploadState = z.object({
  version: z.literal(1),
  id: z.string(),
  owner: z.string(),
  correlationId: z.string(),
  /** Bytes it will have; null while the client defers saying so. */
  length: z.number().int().nonnegative().nullable(),
  /** Bytes that are safe: staged, and written down here. */
  offset: z.number().int().nonnegative(),
  /** As the client sent it (`Upload-Metadata`), to be answered unchanged; never interpreted beyond hints. */
  metadata: z.string().nullable(),
  concatenation: concatenation.nullable(),
  runs: z.array(run),
  /** From the first bytes; null until there are enough of them. */
  contentType: z.string().nullable(),
  /** Base64 of what has come of them, while they are too few to tell the type. */
  firstBytes: z.string(),
  /** `complete`: all bytes are safe, becoming an image; `finished`: it is one (or, a partial upload, ready to be joined). */
  status: z.enum(['open', 'complete', 'finished']),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
});

export type UploadState = z.infer<typeof uploadState>;

export const encodeState = (state: UploadState): Buffer => Buffer.from(JSON.stringify(state));

/** Throws `internal` for a state that this version cannot read. */
export function decodeState(bytes: Uint8Array): UploadState {
  const parsed = uploadState.safeParse(JSON.parse(Buffer.from(bytes).toString()));
  if (parsed.success) return parsed.data;
  throw new DarkroomError('internal', 'The state of this upload cannot be read.', { cause: parsed.error });
}

/** Throws `upload-expired` once the time of an open upload is over. */
export function requireUnexpired(state: UploadState, now: Date): UploadState {
  if (state.status !== 'open' || new Date(state.expiresAt) > now) return state;
  throw new DarkroomError(
    'upload-expired',
    'This upload was not finished in time and is gone: start a new one.',
  );
}

/** Ids of every staged block in order. Azure wants them base64 and of one length. */
export const blockIds = (state: UploadState): string[] =>
  state.runs.flatMap(({ token, count }) =>
    Array.from({ length: count }, (_, index) => blockId(token, index)),
  );

export const blockId = (token: string, index: number): string =>
  Buffer.from(`upload-${token}-${index.toString().padStart(6, '0')}`).toString('base64');

export const blockCount = (state: UploadState): number =>
  state.runs.reduce((sum, { count }) => sum + count, 0);

/** The runs with one more block of `token` at the end. */
export function withBlock(runs: UploadState['runs'], token: string): UploadState['runs'] {
  const last = runs.at(-1);
  if (last?.token === token) return [...runs.slice(0, -1), { token, count: last.count + 1 }];
  return [...runs, { token, count: 1 }];
}
