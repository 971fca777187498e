import { DarkroomError } from '../../../platform/errors.ts';
import { corrupt, truncated, unreadCompression, unreadNumbers } from '../header/faults.ts';

/** How libraries, V8 and the system say that there is no memory. */
const memoryWords =
  /memory allocation|(insufficient|out of|no|enlarge) memory|allocation fail|(cannot|can't|could not|failed to|unable to) allocate|\bno space (for|to)\b|bad_alloc|ENOMEM|process OOM|creating thread|SetPermissions/i;
/** Bounds of libheif and libtiff themselves, which are of the file and not of the machine. */
const securityLimit = /security limit|limit defined in open options/i;

export const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Whether it failed for want of memory, which says nothing of the file. */
export const isOfMemory = (error: unknown): boolean =>
  memoryWords.test(wordsOf(error)) && !securityLimit.test(wordsOf(error));

export const outOfMemory = (cause: unknown, details: Readonly<Record<string, unknown>> = {}): DarkroomError =>
  new DarkroomError(
    'processing-memory',
    'Processing the image needed more memory than it may take: scale it down and send it again.',
    { cause, details },
  );

const rules: readonly (readonly [RegExp, (message: string) => DarkroomError])[] = [
  [
    securityLimit,
    () =>
      new DarkroomError(
        'image-too-complex',
        'The file asks more of its decoder than a picture needs: save it anew with another program and send that.',
      ),
  ],
  [/timeout/i, () => new DarkroomError('processing-timeout', 'Decoding the image took longer than it may.')],
  [
    /compression support is not configured|compression (scheme )?.*not (implemented|supported)|unsupported codec/i,
    unreadCompression,
  ],
  [
    /samples out of range|unsupported tiff|planes not supported|not a whole number of bytes|tiff2vips: not \d bands|no known route from|unsupported jpeg (data precision|process)|SOF type 0x|unsupported color conversion|can not handle image/i,
    unreadNumbers,
  ],
  [
    /pixel limit|exceeds limit|maxResolutionInMP|maxMemoryUsage/i,
    () => new DarkroomError('image-too-many-pixels', 'The image decodes to more pixels than are accepted.'),
  ],
  [
    /premature end|truncat|end of (file|stream|data)|not enough (data|bytes)|unexpected end|read gave|too short|unexpected eof/i,
    truncated,
  ],
];

/** What a decoder threw as an error of ours: the decoder's words stay in `cause`, for the log. */
export function decodingFailure(error: unknown): DarkroomError {
  if (error instanceof DarkroomError) return error;
  if (isOfMemory(error)) return outOfMemory(error);
  const message = wordsOf(error);
  const rule = rules.find(([pattern]) => pattern.test(message));
  if (rule) return Object.assign(rule[1](message), { cause: error });
  return Object.assign(corrupt('its decoder cannot read it'), { cause: error });
}

/** Says how much of an image was there, where that is known. */
export function withReadableShare(error: DarkroomError, share: number | undefined): DarkroomError {
  if (share === undefined || (error.code !== 'image-corrupt' && error.code !== 'image-truncated'))
    return error;
  const readablePercent = Math.floor(share * 100);
  const { code, message, details, cause } = error;
  return new DarkroomError(code, `${message} About ${readablePercent} % of it could be read.`, {
    cause,
    details: { ...details, readablePercent },
  });
}

/** Runs a decoder's work with its errors as ours. */
export async function failing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw decodingFailure(error);
  }
}
