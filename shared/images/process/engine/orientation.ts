import type { Pipeline } from './pipeline.ts';
import type { Size } from './port.ts';

/** The size that a picture has in the file, of one that is upright; or the other way round. */
export const turnedSize = (orientation: number, { width, height }: Size): Size =>
  orientation >= 5 ? { width: height, height: width } : { width, height };

/** sharp mirrors before it rotates. */
const turns: Readonly<Record<number, (pipeline: Pipeline) => Pipeline>> = {
  2: (pipeline) => pipeline.flop(),
  3: (pipeline) => pipeline.rotate(180),
  4: (pipeline) => pipeline.flip(),
  5: (pipeline) => pipeline.rotate(270).flop(),
  6: (pipeline) => pipeline.rotate(90),
  7: (pipeline) => pipeline.rotate(90).flop(),
  8: (pipeline) => pipeline.rotate(270),
};

/** Turns a picture upright after it was scaled, when it has few pixels. */
export const upright = (pipeline: Pipeline, orientation: number): Pipeline =>
  turns[orientation]?.(pipeline) ?? pipeline;
