import { DarkroomError } from '../../../platform/errors.ts';
import { truncated } from '../header/faults.ts';

const rules: readonly (readonly [RegExp, (message: string) => DarkroomError])[] = [
  [/timeout/i, () => new DarkroomError('processing-timeout', 'Decoding the image took longer than it may.')],
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
  const message = error instanceof Error ? error.message : String(error);
  const rule = rules.find(([pattern]) => pattern.test(message));
  if (rule) return Object.assign(rule[1](message), { cause: error });
  return new DarkroomError('image-corrupt', `The image cannot be decoded: ${firstLine(message)}`, {
    cause: error,
  });
}

const firstLine = (message: string): string => (message.split('\n')[0] ?? '').slice(0, 200);
