import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Busboy } from '@fastify/busboy';
import { DarkroomError } from '../../shared/platform/errors.ts';

/** Of a multipart form. Fields are of no meaning here and read away. */
const formLimits = {
  maxFiles: 100,
  /** Files and fields; what comes after them is not read, and is one outcome. */
  maxParts: 1_000,
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
      maxParts: parts,
      maxFields: fields,
      maxFieldBytes: fieldSize,
      maxHeaderPairs: headerPairs,
    } = formLimits;
    return new Busboy({
      headers: { 'content-type': contentType },
      isPartAFile: (_field, type, name) =>
        name !== undefined || type === 'application/octet-stream' || type?.startsWith('image/') === true,
      limits: { parts, fields, fieldSize, headerPairs },
    });
  } catch (cause) {
    throw malformed(cause);
  }
}

const tooMany = (): DarkroomError => {
  const { maxFiles } = formLimits;
  const message = `A form may have ${maxFiles} files: send this one, and what follows, in another.`;
  return new DarkroomError('too-large', message, { details: { maxFiles } });
};

/**
 * Gives each file of a form to `take` as it arrives, one after the other, and reads away what `take` leaves. Answers
 * what became of each, in the order of the form; of a form that is broken off, the last outcome is its fault. Throws
 * `invalid-request` when there is no form at all.
 */
export async function readForm<T>(
  contentType: string,
  body: AsyncIterable<Uint8Array>,
  take: (bytes: AsyncIterable<Uint8Array>, file: number, name: string | undefined) => Promise<T>,
): Promise<PromiseSettledResult<T>[]> {
  const busboy = open(contentType);
  const results: Promise<PromiseSettledResult<T>>[] = [];
  let before: Promise<unknown> = Promise.resolve();
  let reading: Readable | undefined;
  let rest: DarkroomError | undefined;
  busboy.on('file', (_field: string, stream: Readable, name?: string) => {
    // A file that is cut off by the end of the form reports here and to its reader.
    stream.on('error', () => undefined);
    reading = stream;
    const file = results.length;
    // Not destroyed when `take` stops early: the form's other files come after the rest of this one.
    const bytes = (): AsyncIterable<Uint8Array> => stream.iterator({ destroyOnReturn: false });
    const isOver = file >= formLimits.maxFiles;
    const work = before.then(() => (isOver ? Promise.reject(tooMany()) : take(bytes(), file, name)));
    const result = Promise.allSettled([work]).then(([settled]) => {
      stream.resume();
      return settled;
    });
    results.push(result);
    before = result;
  });
  busboy.on('partsLimit', () => {
    rest = tooMany();
  });
  const broken = await pipeline(Readable.from(body, { objectMode: false }), busboy).then(
    () => undefined,
    malformed,
  );
  // What came before the fault is complete; what was being read is not.
  if (broken !== undefined) reading?.destroy(broken);
  const settled = await Promise.all(results);
  const told = settled.at(-1)?.status === 'rejected' ? undefined : broken;
  const fault = rest ?? told;
  if (fault !== undefined && settled.length === 0) throw fault;
  return fault === undefined ? settled : [...settled, { status: 'rejected', reason: fault }];
}
