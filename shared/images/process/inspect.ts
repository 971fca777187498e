import type { ImageFile } from './file/image-file.ts';
import { bmp } from './header/bmp.ts';
import { truncated } from './header/faults.ts';
import { gif } from './header/gif.ts';
import { heif } from './header/heif.ts';
import { jpeg } from './header/jpeg.ts';
import { jxl } from './header/jxl.ts';
import { png } from './header/png.ts';
import { Puller, type Pull } from './header/pull.ts';
import { sizeCheck, type Shape, type SizeCheck } from './header/shape.ts';
import { sniff, sniffBytes } from './header/sniff.ts';
import { tiff } from './header/tiff.ts';
import { webp } from './header/webp.ts';
import type { AcceptedType, HeaderReader, ImageHeader } from './ports.ts';

const parsers: Record<AcceptedType, (check: SizeCheck) => Pull<Shape>> = {
  'image/jpeg': jpeg,
  'image/png': png,
  'image/gif': gif,
  'image/webp': webp,
  'image/bmp': bmp,
  'image/tiff': tiff,
  'image/avif': heif,
  'image/heic': heif,
  'image/jxl': jxl,
};

export interface InspectionLimits {
  readonly maxPixels: number;
}

/** Type and size of a file that arrives in chunks; see HeaderReader. */
export class HeaderInspection implements HeaderReader {
  contentType: AcceptedType | undefined;
  readonly #limits: InspectionLimits;
  #first = new Uint8Array();
  #puller: Puller<Shape> | undefined;

  constructor(limits: InspectionLimits) {
    this.#limits = limits;
  }

  write(chunk: Uint8Array): void {
    if (this.#puller) {
      this.#puller.write(chunk);
      return;
    }
    const missing = chunk.subarray(0, sniffBytes - this.#first.length);
    this.#first = Buffer.concat([this.#first, missing]);
    if (this.#first.length < sniffBytes) return;
    this.#start().write(chunk.subarray(missing.length));
  }

  /** Whether what may still come changes nothing. */
  get isDone(): boolean {
    return this.#puller?.isDone ?? false;
  }

  end(): ImageHeader {
    const shape = (this.#puller ?? this.#start()).end();
    if (!shape || !this.contentType) throw truncated();
    return asHeader(this.contentType, shape);
  }

  #start(): Puller<Shape> {
    const first = this.#first;
    const found = sniff(first);
    if ('refused' in found) throw found.refused;
    this.contentType = found.type;
    this.#puller = new Puller(parsers[found.type](sizeCheck(this.#limits.maxPixels)));
    this.#puller.write(first);
    return this.#puller;
  }
}

function asHeader(contentType: AcceptedType, shape: Shape): ImageHeader {
  const { width, height, orientation = 1 } = shape;
  const isTurned = shape.turned === true || orientation >= 5;
  return {
    contentType,
    width: isTurned ? height : width,
    height: isTurned ? width : height,
    frames: shape.frames ?? 1,
    orientation,
    isInterlaced: shape.interlaced ?? false,
    bytesPerPixel: shape.bytesPerPixel ?? 4,
    ...(shape.isCut === true ? { isCut: true } : {}),
    ...(shape.isPlaced === true ? { isPlaced: true } : {}),
    ...(shape.isPremultiplied === true ? { isPremultiplied: true } : {}),
    ...(shape.channels === undefined ? {} : { channels: shape.channels }),
  };
}

const stepBytes = 1_048_576;

/** The header of a file that is here; throws what HeaderReader throws. */
export function inspect(file: Pick<ImageFile, 'size' | 'read'>, limits: InspectionLimits): ImageHeader {
  const reader = new HeaderInspection(limits);
  for (let at = 0; at < file.size && !reader.isDone; at += stepBytes) reader.write(file.read(at, stepBytes));
  return reader.end();
}
