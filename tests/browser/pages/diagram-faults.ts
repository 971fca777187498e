import { ShapeRegistry, type Cell, type CellState, type Graph } from '@maxgraph/core';
import { linesOf, textNodes } from './diagram-lines.ts';

interface Rect {
  readonly name: string;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** True when they share more than a border. */
const overlap = (a: Rect, b: Rect): boolean =>
  a.left + 1 < b.right && b.left + 1 < a.right && a.top + 1 < b.bottom && b.top + 1 < a.bottom;

const isInside = (inner: Rect, outer: Rect): boolean =>
  inner.left >= outer.left &&
  inner.right <= outer.right &&
  inner.top >= outer.top &&
  inner.bottom <= outer.bottom;

const boundsOf = ({ cell, x, y, width, height }: CellState): Rect => ({
  name: cell.getId()!,
  left: x,
  top: y,
  right: x + width,
  bottom: y + height,
});

const textsOf = ({ cell, text }: CellState): Rect[] =>
  text === null
    ? []
    : textNodes(text.node).flatMap((node) =>
        linesOf(node).map(({ text: name, rect: { left, top, right, bottom } }) => ({
          name: `${cell.getId()!} "${name}"`,
          ...{ left, top, right, bottom },
        })),
      );

function segmentsOf({ cell, absolutePoints }: CellState): Rect[] {
  const points = absolutePoints.filter((point) => point !== null);
  return points.slice(1).map((b, index) => {
    const a = points[index]!;
    const [left, right] = [Math.min(a.x, b.x), Math.max(a.x, b.x)];
    return { name: cell.getId()!, left, right, top: Math.min(a.y, b.y), bottom: Math.max(a.y, b.y) };
  });
}

const pairs = <T>(all: readonly T[]): [T, T][] =>
  all.flatMap((a, index) => all.slice(index + 1).map((b): [T, T] => [a, b]));

/** What a reader of the page would stumble over. A box is a shape with an icon; a label hangs on an arrow. */
export function faultsOf(graph: Graph): string[] {
  const states = Object.values(graph.model.cells ?? {}).flatMap(
    (cell: Cell) => graph.view.getState(cell) ?? [],
  );
  const boxStates = states.filter(({ style }) => style.shape === 'label');
  const boxes = boxStates.map(boundsOf);
  const arrows = states.filter(({ cell }) => cell.isEdge());
  const labels = states.filter(({ cell }) => cell.getParent()?.isEdge()).flatMap(textsOf);
  const outside = boxStates.flatMap((state) =>
    textsOf(state).filter((text) => !isInside(text, boundsOf(state))),
  );
  const under = (rect: Rect): Rect[] => boxes.filter((box) => overlap(rect, box));
  const unknown = states.filter(
    ({ style: { shape } }) => shape !== undefined && ShapeRegistry.get(shape) === null,
  );
  return [
    ...unknown.map(
      ({ cell, style }) => `${cell.getId()!} has a shape that is drawn in draw.io only: ${style.shape!}`,
    ),
    ...outside.map(({ name }) => `${name} is wider or higher than its box`),
    ...pairs(boxes).flatMap(([a, b]) => (overlap(a, b) ? [`${a.name} and ${b.name} overlap`] : [])),
    ...pairs(labels).flatMap(([a, b]) => (overlap(a, b) ? [`${a.name} and ${b.name} overlap`] : [])),
    ...labels.flatMap((label) => under(label).map((box) => `${label.name} is on ${box.name}`)),
    ...arrows.flatMap((arrow) =>
      segmentsOf(arrow).flatMap((segment) =>
        under(segment).map((box) => `${segment.name} runs through ${box.name}`),
      ),
    ),
  ];
}
