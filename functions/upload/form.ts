import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Busboy } from '@fastify/busboy';
import { DarkroomError } from '../../shared/platform/errors.ts';

/** Of a multipart form. Fields are of no meaning here and read away. */
const formLimits = {
  maxFiles: 100,
  maxFields: 100,
  maxFieldBytes: 65_536,
  maxHeaderPairs: 50,
} as const;

const malformed = (cause: unknown): DarkroomError =>
  cause instanceof DarkroomError
    ? cause
    : new DarkroomError('invalid-request', 'The form is not valid multipart/form-data, or ended too early.', {
        cause,
      });

function open(contentType: string): InstanceType<typeof Busboy> {
  try {
    const {
      maxFiles: files,
      maxFields: fields,
      maxFieldBytes: fieldSize,
      maxHeaderPairs: headerPairs,
    } = formLimits;
    return new Busboy({
      headers: { 'content-type': contentType },
      isPartAFile: (_field, type, name) =>
        name !== undefined || type === 'application/octet-stream' || type?.startsWith('image/') === true,
      limits: { files, fields, fieldSize, headerPairs },
    });
  } catch (cause) {
    throw malformed(cause);
  }
}

/**
 * Gives each file of a form to `take` as it arrives, one after the other, and reads away what `take` leaves. Answers
 * what `take` did, in the order of the form. Throws `invalid-request` when the form itself is broken.
 */
export async function readForm<T>(
  contentType: string,
  body: AsyncIterable<Uint8Array>,
  take: (bytes: AsyncIterable<Uint8Array>, file: number) => Promise<T>,
): Promise<PromiseSettledResult<T>[]> {
  const busboy = open(contentType);
  const results: Promise<PromiseSettledResult<T>>[] = [];
  let before: Promise<unknown> = Promise.resolve();
  busboy.on('file', (_field: string, stream: Readable) => {
    // A file that is cut off by the end of the form reports here and to its reader.
    stream.on('error', () => undefined);
    const file = results.length;
    // Not destroyed when `take` stops early: the form's other files come after the rest of this one.
    const bytes = (): AsyncIterable<Uint8Array> => stream.iterator({ destroyOnReturn: false });
    const work = before.then(() => take(bytes(), file));
    const result = Promise.allSettled([work]).then(([settled]) => {
      stream.resume();
      return settled;
    });
    results.push(result);
    before = result;
  });
  const exceeded: DarkroomError[] = [];
  busboy.on('filesLimit', () => {
    const { maxFiles } = formLimits;
    exceeded.push(
      new DarkroomError('too-large', `A form may have ${maxFiles} files.`, { details: { maxFiles } }),
    );
  });
  try {
    await pipeline(Readable.from(body, { objectMode: false }), busboy);
  } catch (cause) {
    await Promise.all(results);
    throw malformed(cause);
  }
  const settled = await Promise.all(results);
  if (exceeded[0] !== undefined) throw exceeded[0];
  return settled;
}
