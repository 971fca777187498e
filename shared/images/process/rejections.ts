import { DarkroomError, type ErrorCode } from '../../platform/errors.ts';

/** Codes that say "this never was an image that we take": the row is `rejected`, and there is no dead letter. */
const rejections: readonly ErrorCode[] = [
  'unsupported-type',
  'unsupported-compression',
  'raw-not-supported',
  'image-corrupt',
  'image-truncated',
  'image-too-many-pixels',
  'image-too-complex',
  'too-large',
];

export const isRejection = (error: unknown): error is DarkroomError =>
  error instanceof DarkroomError && rejections.includes(error.code);
