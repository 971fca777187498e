import { FileView } from '../../file/file-view.ts';
import type { ImageFile, Range } from '../../file/image-file.ts';
import { tooComplex } from '../../header/faults.ts';
import { imageLimits } from '../../limits.ts';
import type { ImageHeader } from '../../ports.ts';
import type { Opener } from '../pipeline.ts';
import { openPlain } from './plain-source.ts';
import type { Source } from './source.ts';

const riffBytes = 12;
/** What a picture is made of. libvips keeps the rest in memory: EXIF and XMP, whose flags it goes by. */
const pictureChunks = ['VP8X', 'VP8 ', 'VP8L', 'ALPH', 'ANIM', 'ANMF', 'ICCP'];
const flagsOfText = 0x08 | 0x04;
const sizeAt = 4;
const flagsAt = 20;
const strict = { failOn: 'truncated' } as const;

/** Up to the end that the file tells; of one picture alone (RFC 9649, 2.5) the first chunk is all there is. */
function pictureRanges(view: FileView, end: number): Range[] {
  const kept: Range[] = [[0, riffBytes]];
  for (let at = riffBytes; at < end;) {
    const head = view.bytes(at, 8);
    const length = head.length < 8 ? 0 : head.readUInt32LE(4);
    const type = head.toString('latin1', 0, 4);
    const next = Math.min(end, at + 8 + length + (length & 1));
    if (type === 'ICCP' && length > imageLimits.maxProfileBytes)
      throw tooComplex('bytes of colour profile', imageLimits.maxProfileBytes);
    if (pictureChunks.includes(type)) kept.push([at, next]);
    if (at === riffBytes && type !== 'VP8X') break;
    at = next;
  }
  return kept;
}

export function openWebp(file: ImageFile, header: ImageHeader, opener: Opener): Promise<Source> {
  const view = new FileView(file);
  const told = sizeAt + 4 + view.bytes(sizeAt, 4).readUInt32LE();
  const missing = Math.max(0, told - file.size);
  const kept = file.keep(pictureRanges(view, Math.min(told, file.size)));
  const size = Buffer.alloc(4);
  size.writeUInt32LE(kept.size - sizeAt - 4 + missing);
  const picture = kept.patched(sizeAt, size);
  if (picture.read(riffBytes, 4).toString('latin1') !== 'VP8X')
    return openPlain(picture, header, opener, strict);
  const flags = Buffer.of(picture.read(flagsAt, 1)[0]! & ~flagsOfText);
  return openPlain(picture.patched(flagsAt, flags), header, opener, strict);
}
