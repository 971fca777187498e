import { readFile } from 'node:fs/promises';
import { sniff } from '../../../shared/images/process/header/sniff.ts';
import { jpegPhoto } from '../../support/photos.ts';
import type { Picture } from './whole-stack.ts';

/** The file that `--image` names, or a photo made by code that fits one record of the stream. */
export async function benchPicture(image: string | undefined): Promise<Picture> {
  const bytes = image === undefined ? await jpegPhoto(1500, 1000) : await readFile(image);
  const found = sniff(bytes);
  if (!('type' in found)) throw found.refused;
  return { bytes, contentType: found.type };
}
