import { DarkroomError } from '../../../platform/errors.ts';
import { acceptedTypes } from '../ports.ts';

/** JPEG, PNG, …: the accepted types as people call them. */
const acceptedNames = acceptedTypes
  .map((type) => type.slice('image/'.length))
  .map((name) => ({ webp: 'WebP', jxl: 'JPEG XL' })[name] ?? name.toUpperCase());

const sendThese = `Send ${acceptedNames.slice(0, -1).join(', ')} or ${acceptedNames.at(-1)}.`;

export const corrupt = (what: string): DarkroomError =>
  new DarkroomError('image-corrupt', `The file is damaged: ${what}. Save it anew and send it again.`);

export const unsupported = (what: string): DarkroomError =>
  new DarkroomError('unsupported-type', `${what} ${sendThese}`);

export const truncated = (): DarkroomError =>
  new DarkroomError('image-truncated', 'The file ends before the image does: send it again, whole.');

export const unreadCompression = (): DarkroomError =>
  new DarkroomError(
    'unsupported-compression',
    'The file is compressed in a way that is not read here: save it with another compression and send that.',
  );

export const unreadNumbers = (): DarkroomError =>
  new DarkroomError(
    'unsupported-compression',
    'The file stores its pixels as numbers that are not read here: save it with 8 or 16 bits a channel and send that.',
  );

export const raw = (): DarkroomError =>
  new DarkroomError(
    'raw-not-supported',
    'This is a camera raw file, which has to be developed first: export it as JPEG, TIFF or HEIC and send that.',
  );

export const tooComplex = (what: string, limit: number): DarkroomError =>
  new DarkroomError(
    'image-too-complex',
    `The file has more than ${limit} ${what}: save it anew with another program and send that.`,
    { details: { limit } },
  );
