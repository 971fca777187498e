import type { Primaries } from './cicp.ts';

type Row = readonly [number, number, number];
export type Matrix = readonly [Row, Row, Row];

/** From linear light of one set of primaries to that of another, white to white (Bradford). */
export function conversion(from: Primaries, to: Primaries): Matrix {
  return multiply(inverse(toXyz(to)), multiply(adaptation(from, to), toXyz(from)));
}

/** How much red, green and blue add to luminance. */
export const luminance = (primaries: Primaries): readonly number[] => toXyz(primaries)[1];

const white = (x: number, y: number): Row => [x / y, 1, (1 - x - y) / y];
/** Of any strength: one that has no luminance is a primary, too. */
const primary = (x: number, y: number): Row => [x, y, 1 - x - y];

function toXyz([rx, ry, gx, gy, bx, by, wx, wy]: Primaries): Matrix {
  const [r, g, b] = [primary(rx, ry), primary(gx, gy), primary(bx, by)];
  const columns: Matrix = [
    [r[0], g[0], b[0]],
    [r[1], g[1], b[1]],
    [r[2], g[2], b[2]],
  ];
  const [sr, sg, sb] = apply(inverse(columns), white(wx, wy));
  return columns.map(([x, y, z]) => [x * sr, y * sg, z * sb]) as unknown as Matrix;
}

const bradford: Matrix = [
  [0.8951, 0.2664, -0.1614],
  [-0.7502, 1.7135, 0.0367],
  [0.0389, -0.0685, 1.0296],
];

function adaptation(from: Primaries, to: Primaries): Matrix {
  const cone = (of: Primaries) => apply(bradford, white(of[6], of[7]));
  const [source, target] = [cone(from), cone(to)];
  const scaled = bradford.map((row, index) => row.map((value) => (value * target[index]!) / source[index]!));
  return multiply(inverse(bradford), scaled as unknown as Matrix);
}

const apply = (matrix: Matrix, [x, y, z]: Row): Row =>
  matrix.map((row) => row[0] * x + row[1] * y + row[2] * z) as unknown as Row;

function multiply(a: Matrix, b: Matrix): Matrix {
  return a.map((row) =>
    [0, 1, 2].map((column) => row[0] * b[0][column]! + row[1] * b[1][column]! + row[2] * b[2][column]!),
  ) as unknown as Matrix;
}

function inverse([[a, b, c], [d, e, f], [g, h, i]]: Matrix): Matrix {
  const determinant = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
  const adjugate: Matrix = [
    [e * i - f * h, c * h - b * i, b * f - c * e],
    [f * g - d * i, a * i - c * g, c * d - a * f],
    [d * h - e * g, b * g - a * h, a * e - b * d],
  ];
  return adjugate.map((row) => row.map((value) => value / determinant)) as unknown as Matrix;
}
