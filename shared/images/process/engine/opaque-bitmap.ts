/**
 * A jimp bitmap over RGB pixels that turns into RGBA when somebody looks at them. Most processors hand their image
 * on as it came, and then neither the fourth channel nor a copy is ever made.
 */
export class OpaqueBitmap {
  width: number;
  height: number;
  #rgb: Buffer | undefined;
  #rgba: Buffer | undefined;

  constructor(rgb: Buffer, width: number, height: number) {
    this.#rgb = rgb;
    this.width = width;
    this.height = height;
  }

  /** The RGB pixels, as long as nobody could have changed them. */
  get untouched(): Buffer | undefined {
    return this.#rgb;
  }

  get data(): Buffer {
    this.#rgba ??= withAlpha(this.#rgb!);
    this.#rgb = undefined;
    return this.#rgba;
  }

  set data(rgba: Buffer) {
    this.#rgba = rgba;
    this.#rgb = undefined;
  }
}

function withAlpha(rgb: Buffer): Buffer {
  const pixels = rgb.length / 3;
  const rgba = Buffer.allocUnsafeSlow(pixels * 4);
  const words = new Uint32Array(rgba.buffer);
  const little = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;
  for (let pixel = 0, at = 0; pixel < pixels; pixel++, at += 3) {
    const red = rgb[at]!;
    const green = rgb[at + 1]!;
    const blue = rgb[at + 2]!;
    words[pixel] = little
      ? (0xff000000 | (blue << 16) | (green << 8) | red) >>> 0
      : ((red << 24) | (green << 16) | (blue << 8) | 0xff) >>> 0;
  }
  return rgba;
}

export function isOpaque(rgba: Buffer): boolean {
  for (let at = 3; at < rgba.length; at += 4) if (rgba[at] !== 0xff) return false;
  return true;
}
