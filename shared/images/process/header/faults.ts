import { DarkroomError } from '../../../platform/errors.ts';

export const corrupt = (what: string): DarkroomError =>
  new DarkroomError('image-corrupt', `The file is not a well-formed image: ${what}.`);

export const unsupported = (what: string): DarkroomError =>
  new DarkroomError('unsupported-type', `${what} Send JPEG, PNG, WebP, GIF, BMP, TIFF or AVIF.`);

export const truncated = (): DarkroomError =>
  new DarkroomError('image-truncated', 'The file ends before the image does: send it again, whole.');
