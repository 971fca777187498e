import { crc32 } from 'node:zlib';
import type { FileView } from '../../file/file-view.ts';
import type { Part, Range } from '../../file/image-file.ts';
import type { Place } from './canvas.ts';
import { isFrameCount } from '../../header/png.ts';
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
  const data = chunks.findIndex(({ type }) => type === 'IDAT');
  const before = chunks.slice(0, Math.max(0, data));
  const isFrame = before.some(({ type }) => type === 'fcTL');
  if (isFrame || !before.some((chunk) => isAnimationControl(view, chunk))) return undefined;
  const found = firstWithData(view, chunks.slice(data + 1));
  if (!found) return undefined;
  const { control, parts } = found;
  const fields = view.bytes(control.range[0] + headBytes, Math.min(control.dataBytes, frameControlBytes));
  if (fields.length < frameControlBytes) return undefined;
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

/** One that names no frame, or more than a PNG can count, announces no animation. */
function isAnimationControl(view: FileView, { type, range: [from], dataBytes }: PngChunk): boolean {
  return type === 'acTL' && dataBytes === 8 && isFrameCount(view.bytes(from + headBytes, 4).readUInt32BE());
}

/** Passes over frames without data, as browsers do. Undefined where the chunks do not count from 0, which is an error. */
function firstWithData(view: FileView, chunks: readonly PngChunk[]) {
  const parts: PngChunk[] = [];
  let control: PngChunk | undefined;
  let sequence = 0;
  for (const chunk of chunks) {
    const isControl = chunk.type === 'fcTL';
    if (isControl && parts.length > 0) break;
    if (!isControl && chunk.type !== 'fdAT') continue;
    const number = view.bytes(chunk.range[0] + headBytes, sequenceBytes);
    if (number.length < sequenceBytes || number.readUInt32BE() !== sequence++) return undefined;
    if (isControl) control = chunk;
    else parts.push(chunk);
  }
  return control && parts.length > 0 ? { control, parts } : undefined;
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
