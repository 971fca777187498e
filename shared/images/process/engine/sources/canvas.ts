import type { Picture, Size } from '../port.ts';

export interface Place extends Size {
  readonly left: number;
  readonly top: number;
}

const rgba = 4;

export const covers = (place: Place, canvas: Size): boolean =>
  place.left <= 0 &&
  place.top <= 0 &&
  place.left + place.width >= canvas.width &&
  place.top + place.height >= canvas.height;

/** What of the place lies within; at least one pixel of it. */
export function clipped({ left, top, width, height }: Place, within: Size): Place {
  const [x, y] = [Math.min(left, within.width - 1), Math.min(top, within.height - 1)];
  return {
    ...{ left: x, top: y },
    ...{ width: Math.min(width, within.width - x), height: Math.min(height, within.height - y) },
  };
}

/** The canvas with what of the picture lies within it; transparent where nothing does. */
export function onCanvas(picture: Picture, { left, top }: Omit<Place, keyof Size>, canvas: Size): Picture {
  const data = Buffer.alloc(canvas.width * canvas.height * rgba);
  const [across, down] = [
    Math.min(picture.width, canvas.width - left),
    Math.min(picture.height, canvas.height - top),
  ];
  for (let row = 0; row < down; row++) {
    let to = ((top + row) * canvas.width + left) * rgba;
    let from = row * picture.width * picture.channels;
    for (let column = 0; column < across; column++, to += rgba, from += picture.channels) {
      picture.data.copy(data, to, from, from + 3);
      data[to + 3] = picture.channels === rgba ? picture.data[from + 3]! : 255;
    }
  }
  return { ...canvas, channels: rgba, data };
}
