import { pngChunk, type PngChunk } from './png-chunks.ts';
import type { Place } from './canvas.ts';

const sequenceBytes = 4;
const frameControlBytes = 26;

export interface FirstFrame {
  /** As of a still picture. */
  readonly chunks: readonly PngChunk[];
  readonly place: Place;
}

/**
 * The first frame of an animation whose default image is none of its frames (PNG third edition, 4.9): that image is for
 * programs that know no animations, and browsers never show it.
 */
export function firstFrame(chunks: readonly PngChunk[]): FirstFrame | undefined {
  const at = (type: string) => chunks.findIndex((chunk) => chunk.type === type);
  const [control, data] = [at('fcTL'), at('IDAT')];
  const isAnimated = at('acTL') >= 0 && at('acTL') < data;
  if (!isAnimated || control < data || chunks[control]!.data.length < frameControlBytes) return undefined;
  const rest = chunks.slice(control + 1);
  const end = rest.findIndex(({ type }) => type === 'fcTL');
  const parts = rest.slice(0, end < 0 ? rest.length : end).filter(({ type }) => type === 'fdAT');
  if (parts.length === 0) return undefined;
  const { data: fields } = chunks[control]!;
  const [width, height, left, top] = [4, 8, 12, 16].map((offset) => fields.readUInt32BE(offset));
  const header = Buffer.from(chunks[0]!.data);
  // As the format demands; a larger one would be decoded though nobody looked at its size.
  const canvas = { width: header.readUInt32BE(0), height: header.readUInt32BE(4) };
  if (left! + width! > canvas.width || top! + height! > canvas.height) return undefined;
  fields.copy(header, 0, 4, 12);
  const pixels = Buffer.concat(parts.map((part) => part.data.subarray(sequenceBytes)));
  const beside = chunks.slice(1, data).filter(({ type }) => type !== 'IDAT');
  return {
    chunks: [
      pngChunk('IHDR', header),
      ...beside,
      pngChunk('IDAT', pixels),
      pngChunk('IEND', Buffer.alloc(0)),
    ],
    place: { width: width!, height: height!, left: left!, top: top! },
  };
}
