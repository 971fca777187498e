import { crc32 } from 'node:zlib';
import type { FileView } from '../../file/file-view.ts';
import type { Part, Range } from '../../file/image-file.ts';
import type { Place } from './canvas.ts';
import { headBytes, signature, type PngChunk } from './png-chunks.ts';

const sequenceBytes = 4;
const frameControlBytes = 26;
const stepBytes = 65_536;

export interface FirstFrame {
  readonly place: Place;
  /** Chunks between the header and the data. */
  readonly beside: readonly PngChunk[];
  /** The file as of a still picture, with what of these is kept. A large one has half a million chunks: they are made one by one. */
  readonly still: (beside: readonly Range[]) => Iterable<Part>;
}

/**
 * The first frame of an animation whose default image is none of its frames (PNG third edition, 4.9): that image is for
 * programs that know no animations, and browsers never show it.
 */
export function firstFrame(view: FileView, chunks: readonly PngChunk[]): FirstFrame | undefined {
  const at = (type: string) => chunks.findIndex((chunk) => chunk.type === type);
  const [control, data] = [at('fcTL'), at('IDAT')];
  const isAnimated = at('acTL') >= 0 && at('acTL') < data;
  if (!isAnimated || control < data) return undefined;
  const { range, dataBytes } = chunks[control]!;
  const fields = view.bytes(range[0] + headBytes, Math.min(dataBytes, frameControlBytes));
  const rest = chunks.slice(control + 1);
  const end = rest.findIndex(({ type }) => type === 'fcTL');
  const parts = rest.slice(0, end < 0 ? rest.length : end).filter(({ type }) => type === 'fdAT');
  if (parts.length === 0 || fields.length < frameControlBytes) return undefined;
  const [width, height, left, top] = [4, 8, 12, 16].map((offset) => fields.readUInt32BE(offset));
  // As the format demands; a larger one would be decoded though nobody looked at its size.
  const canvas = view.bytes(chunks[0]!.range[0] + headBytes, 8);
  if (left! + width! > canvas.readUInt32BE(0) || top! + height! > canvas.readUInt32BE(4)) return undefined;
  const header = headerOf(view, chunks[0]!, fields.subarray(4, 12));
  return {
    place: { width: width!, height: height!, left: left!, top: top! },
    beside: chunks.slice(1, data),
    *still(beside) {
      yield* [signature, header, ...beside];
      for (const part of parts) yield* asData(view, part);
      yield chunk('IEND');
    },
  };
}

/** The header with another size. */
function headerOf(view: FileView, { range: [from], dataBytes }: PngChunk, size: Buffer): Uint8Array {
  return chunk('IHDR', size, view.bytes(from + headBytes + size.length, dataBytes - size.length));
}

function chunk(type: string, ...data: Uint8Array[]): Uint8Array {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), ...data]);
  return Buffer.concat([word(body.length - 4), body, word(crc32(body))]);
}

/** A chunk of the frame as one of a still picture, of which only what is around the bytes is new. */
function asData(view: FileView, { range: [from, to], dataBytes }: PngChunk): Part[] {
  const bytes: Range = [from + headBytes + sequenceBytes, Math.min(from + headBytes + dataBytes, to)];
  if (bytes[0] >= bytes[1]) return [];
  const type = Buffer.from('IDAT', 'latin1');
  return [Buffer.concat([word(bytes[1] - bytes[0]), type]), bytes, checksum(view, bytes, crc32(type))];
}

function checksum(view: FileView, [from, to]: Range, before: number): Uint8Array {
  let value = before;
  for (let at = from; at < to; at += stepBytes) {
    value = crc32(view.bytes(at, Math.min(stepBytes, to - at)), value);
  }
  return word(value);
}

function word(value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
