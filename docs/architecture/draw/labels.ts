import { overlap, sheet, type Edge, type Rect } from '../types.ts';
import type { Point } from './route.ts';
import { fonts, textWidth, widerFont } from './text.ts';

/** Where the number and the words of an arrow stand: one rectangle, centred on `on`, a point of its route. */
export interface Label {
  readonly rect: Rect;
  readonly on: Point;
  /** How far along the route `on` is, 0 to 1. */
  readonly along: number;
  readonly lines: readonly string[];
}

export const labelSize = ({ label, step }: Edge): { width: number; height: number } => {
  const lines = label?.split('\n') ?? [];
  const text = Math.max(0, ...lines.map((one) => textWidth(one, fonts.label.size) * widerFont));
  const number = step === undefined ? 0 : fonts.step.diameter + (text > 0 ? 4 : 0);
  return {
    width: Math.ceil(number + text + (text > 0 ? 4 : 0)),
    height: Math.max(step === undefined ? 0 : fonts.step.diameter, lines.length * fonts.label.leading),
  };
};

export const segmentsOf = (route: readonly Point[]): [Point, Point][] =>
  route.slice(1).map((point, index) => [route[index]!, point]);

const lengthOf = ([a, b]: readonly [Point, Point]): number => Math.abs(a.x - b.x) + Math.abs(a.y - b.y);

export const segmentRect = ([a, b]: readonly [Point, Point]): Rect => ({
  x: Math.min(a.x, b.x),
  y: Math.min(a.y, b.y),
  width: Math.abs(a.x - b.x),
  height: Math.abs(a.y - b.y),
});

const covers = ({ x, y, width, height }: Rect, point: Point): boolean =>
  point.x > x && point.x < x + width && point.y > y && point.y < y + height;

interface Around {
  /** Boxes and zone titles: never covered. */
  readonly boxes: readonly Rect[];
  readonly labels: readonly Rect[];
  /** Other arrows: covered only when there is no other place. */
  readonly segments: readonly Rect[];
}

/** The best place on the route, or undefined when every place covers something. */
export function placeLabel(edge: Edge, route: readonly Point[], around: Around): Label | undefined {
  const { width, height } = labelSize(edge);
  if (width === 0) return undefined;
  const segments = segmentsOf(route);
  const total = segments.reduce((sum, one) => sum + lengthOf(one), 0);
  let best: (Label & { cost: number }) | undefined;
  let before = 0;
  for (const segment of segments) {
    const [a, b] = segment;
    const length = lengthOf(segment);
    const flat = a.y === b.y;
    const need = flat ? width : height;
    for (let at = 5; at <= length - 5; at += 5) {
      const on = { x: a.x + ((b.x - a.x) * at) / length, y: a.y + ((b.y - a.y) * at) / length };
      const rect = { x: on.x - width / 2, y: on.y - height / 2, width, height };
      if (rect.x < 10 || rect.x + width > sheet.width - 10) continue;
      if (around.boxes.some((box) => overlap(rect, box, 5))) continue;
      if (around.labels.some((label) => overlap(rect, label, 3))) continue;
      const covered = around.segments.filter((other) => overlap(rect, other, 3)).length;
      const spill = Math.max(0, need + 24 - length);
      const corner = covers(rect, a) || covers(rect, b);
      const along = (before + at) / total;
      const cost =
        covered * 500 + spill * 0.5 + Math.abs(along - 0.5) * 40 + (flat ? 0 : 8) + (corner ? 60 : 0);
      if (best === undefined || cost < best.cost)
        best = { rect, on, along, lines: edge.label?.split('\n') ?? [], cost };
    }
    before += length;
  }
  return best;
}
