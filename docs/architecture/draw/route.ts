import { rectOf, type At, type Edge, type Side } from '../types.ts';
import { cell, columns, raster, rows, type Field } from './field.ts';
import { Heap } from './heap.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Directions: right, down, left, up. */
const steps = [
  [1, 0],
  [0, 1],
  [-1, 0],
  [0, -1],
] as const;
const outward: Readonly<Record<Side, number>> = { right: 0, bottom: 1, left: 2, top: 3 };
const sides = Object.keys(outward) as Side[];

/** What a raster step is worth: turns and crossings are dearer than a way round. */
const cost = { turn: 6, crossing: 6, corner: 30, near: 2, beside: 1.5, offCentre: 0.6 };

interface Port {
  readonly column: number;
  readonly row: number;
  readonly direction: number;
  readonly cost: number;
}

/** Raster points of a side, the corners left out; the middle is the cheapest. */
function portsOf(at: At, wanted: Side | undefined): Port[] {
  const { x, y, width, height } = rectOf(at);
  return sides
    .filter((side) => wanted === undefined || side === wanted)
    .flatMap((side) => {
      const upright = side === 'left' || side === 'right';
      const length = upright ? height : width;
      const first = upright ? y : x;
      const fixed = { left: x, right: x + width, top: y, bottom: y + height }[side] / raster;
      const found: Port[] = [];
      for (
        let along = Math.ceil((first + raster) / raster);
        along * raster <= first + length - raster;
        along++
      ) {
        const off = Math.abs(along * raster - first - length / 2) / raster;
        const place = upright ? { column: fixed, row: along } : { column: along, row: fixed };
        found.push({ ...place, direction: outward[side], cost: Math.min(off, 6) * cost.offCentre });
      }
      return found;
    });
}

const alongBit = (direction: number): number => (direction % 2 === 0 ? 1 : 2);

/** What going through a point in a direction costs; Infinity where another route runs the same way. */
function through(field: Field, at: number, direction: number): number {
  if (field.blocked[at] === 1) return Infinity;
  const used = field.used[at]!;
  if ((used & alongBit(direction)) !== 0) return Infinity;
  const aside = direction % 2 === 0 ? columns : 1;
  const beside = ((field.used[at - aside]! | field.used[at + aside]!) & alongBit(direction)) !== 0;
  const met = (used & 4) !== 0 ? cost.corner : used !== 0 ? cost.crossing : 0;
  return 1 + met + (field.near[at] === 1 ? cost.near : 0) + (beside ? cost.beside : 0);
}

interface State {
  readonly column: number;
  readonly row: number;
  readonly direction: number;
}

/** The cheapest way from one box to another, as corner points; undefined when there is none. */
export function findRoute(field: Field, from: At, to: At, { leave, enter }: Edge): Point[] | undefined {
  const best = new Float64Array(columns * rows * 4).fill(Infinity);
  const came = new Int32Array(columns * rows * 4).fill(-1);
  const open = new Heap<State & { readonly cost: number }>();
  const key = ({ column, row, direction }: State): number => cell(column, row) * 4 + direction;
  const target = rectOf(to);
  const goals = new Map(
    portsOf(to, enter)
      .filter(({ column, row }) => field.used[cell(column, row)] === 0)
      .map((port) => [key({ ...port, direction: (port.direction + 2) % 4 }), port.cost]),
  );
  const rest = (column: number, row: number): number => {
    const [x, y] = [column * raster, row * raster];
    const dx = Math.max(target.x - x, 0, x - target.x - target.width);
    const dy = Math.max(target.y - y, 0, y - target.y - target.height);
    return (dx + dy) / raster;
  };
  const reach = (state: State, total: number, parent: number): void => {
    const at = key(state);
    if (total >= best[at]!) return;
    best[at] = total;
    came[at] = parent;
    open.push(total + rest(state.column, state.row), { ...state, cost: total });
  };
  for (const port of portsOf(from, leave))
    if (field.used[cell(port.column, port.row)] === 0) reach(port, port.cost, -1);

  let end: { at: number; total: number } | undefined;
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    const at = key(state);
    if (state.cost > best[at]!) continue;
    if (end !== undefined && state.cost + rest(state.column, state.row) >= end.total) break;
    const [dx, dy] = steps[state.direction]!;
    const next = { column: state.column + dx, row: state.row + dy };
    if (next.column < 1 || next.row < 1 || next.column >= columns - 1 || next.row >= rows - 1) continue;
    const arrived = goals.get(key({ ...next, direction: state.direction }));
    if (arrived !== undefined && state.cost + 1 + arrived < (end?.total ?? Infinity)) {
      const last = key({ ...next, direction: state.direction });
      came[last] = at;
      end = { at: last, total: state.cost + 1 + arrived };
    }
    const here = through(field, cell(next.column, next.row), state.direction);
    if (here === Infinity) continue;
    reach({ ...next, direction: state.direction }, state.cost + here, at);
    if (field.used[cell(next.column, next.row)] !== 0) continue;
    for (const turned of [(state.direction + 1) % 4, (state.direction + 3) % 4])
      reach({ ...next, direction: turned }, state.cost + here + cost.turn, at);
  }
  return end === undefined ? undefined : corners(trace(came, end.at));
}

function trace(came: Int32Array, end: number): Point[] {
  const points: Point[] = [];
  for (let at = end; at >= 0; at = came[at]!) {
    const place = at >> 2;
    points.unshift({ x: (place % columns) * raster, y: Math.floor(place / columns) * raster });
  }
  return points;
}

const corners = (points: readonly Point[]): Point[] =>
  points.filter((point, index) => {
    const [before, after] = [points[index - 1], points[index + 1]];
    if (before === undefined || after === undefined) return true;
    return !((before.x === point.x && after.x === point.x) || (before.y === point.y && after.y === point.y));
  });

/** Writes a route into the field, so that the next ones keep off it. */
export function occupy(field: Field, route: readonly Point[]): void {
  route.forEach((point, index) => {
    const at = cell(point.x / raster, point.y / raster);
    if (index > 0 && index < route.length - 1) field.used[at]! |= 7;
    const next = route[index + 1];
    if (next === undefined) return;
    const [dx, dy] = [Math.sign(next.x - point.x), Math.sign(next.y - point.y)];
    for (let { x, y } = point; ; x += dx * raster, y += dy * raster) {
      field.used[cell(x / raster, y / raster)]! |= dx !== 0 ? 1 : 2;
      if (x === next.x && y === next.y) break;
    }
  });
}
