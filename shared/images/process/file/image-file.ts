/** Bytes of a file: from the first up to, and without, the last number. */
export type Range = readonly [from: number, to: number];

/** Of what a file becomes: a range of it, or other bytes, for which what is left out before them makes room. */
export type Part = Range | Uint8Array;

export const isRange = (part: Part): part is Range => !(part instanceof Uint8Array);

/** An image where its bytes are: decoders read it there, so that its weight is nothing that they hold. */
export interface ImageFile {
  readonly size: number;
  /** What sharp opens. */
  readonly input: string | Buffer;
  /** Fewer bytes where the file ends before. Nobody writes to them. */
  read(at: number, length: number): Buffer;
  /** What these parts make, whose ranges go forward; each is asked for before its bytes move. It takes the place of this one. */
  keep(parts: Iterable<Part>): ImageFile;
  /** The file with other bytes in one place. It takes the place of this one. */
  patched(at: number, bytes: Uint8Array): ImageFile;
  close(): void;
}

/** Parts with ranges that touch made one. */
export function* joined(parts: Iterable<Part>): Iterable<Part> {
  let last: Range | undefined;
  for (const part of parts) {
    if (last !== undefined && isRange(part) && last[1] === part[0]) last = [last[0], part[1]];
    else {
      if (last !== undefined) yield last;
      last = isRange(part) ? part : undefined;
      if (!isRange(part)) yield part;
    }
  }
  if (last !== undefined) yield last;
}
