import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { layOut, type Drawing } from '../../../docs/architecture/draw/lay-out.ts';
import { segmentRect, segmentsOf } from '../../../docs/architecture/draw/labels.ts';
import { lid, styles } from '../../../docs/architecture/draw/style.ts';
import { textHeight } from '../../../docs/architecture/draw/svg.ts';
import { fonts, textWidth } from '../../../docs/architecture/draw/text.ts';
import { zoneTitleRect } from '../../../docs/architecture/draw/zones.ts';
import { diagramFiles } from '../../../docs/architecture/files.ts';
import { pages } from '../../../docs/architecture/model.ts';
import { overlap, rectOf, sheet, type Page, type Rect } from '../../../docs/architecture/types.ts';

const drawings = new Map(pages.map((page) => [page.id, layOut(page)]));
const inside = (inner: Rect, outer: Rect): boolean =>
  inner.x >= outer.x &&
  inner.y >= outer.y &&
  inner.x + inner.width <= outer.x + outer.width &&
  inner.y + inner.height <= outer.y + outer.height;

/** Both ends of an arrow, and what it runs through between them. */
function crossings({ page, arrows }: Drawing): string[] {
  return arrows.flatMap(({ edge, route }) =>
    segmentsOf(route).flatMap((segment) =>
      page.nodes
        .filter((node) => overlap(segmentRect(segment), rectOf(node.at)))
        .map((node) => `${edge.from} → ${edge.to} runs through ${node.id}`),
    ),
  );
}

const labelsOf = ({ arrows }: Drawing) =>
  arrows.flatMap(({ edge, label }) =>
    label ? [{ name: `${edge.from} → ${edge.to}`, rect: label.rect }] : [],
  );

/** True when two stretches lie on each other, as two arrows that could not be told apart. */
const together = (a: Rect, b: Rect): boolean =>
  (a.width === 0 && b.width === 0 && a.x === b.x && a.y < b.y + b.height && b.y < a.y + a.height) ||
  (a.height === 0 && b.height === 0 && a.y === b.y && a.x < b.x + b.width && b.x < a.x + a.width);

describe.each(pages.map((page) => [page.id, page] as const))('the drawing %s', (id, page: Page) => {
  const drawing = drawings.get(id)!;

  test('has boxes on the raster, on the sheet, apart from each other, each with a name of its own', () => {
    expect(page.nodes.flatMap(({ at }) => at).every((length) => length % 10 === 0)).toBe(true);
    for (const { at } of page.nodes)
      expect(inside(rectOf(at), { x: 10, y: 40, width: sheet.width - 20, height: sheet.height - 70 })).toBe(
        true,
      );
    const close = page.nodes.flatMap((a, index) =>
      page.nodes
        .slice(index + 1)
        .filter((b) => overlap(rectOf(a.at), rectOf(b.at), 15))
        .map((b) => [a.id, b.id]),
    );
    expect(close).toEqual([]);
    expect(new Set(page.nodes.map((node) => node.id)).size).toBe(page.nodes.length);
  });

  test('has a box wholly inside a zone or wholly outside it', () => {
    const torn = page.nodes.filter(({ at }) =>
      page.zones.some((zone) => overlap(rectOf(at), rectOf(zone.at)) && !inside(rectOf(at), rectOf(zone.at))),
    );
    expect(torn).toEqual([]);
  });

  test('has room for every word', () => {
    const tight = page.nodes.filter((node) => {
      const { width, height } = rectOf(node.at);
      const widest = Math.max(
        textWidth(node.caption, fonts.caption.size),
        textWidth(node.name, fonts.name.size, true),
        ...node.lines.map((text) => textWidth(text, fonts.line.size)),
      );
      const low = styles[node.kind].shape === 'cylinder' ? 2 * lid : 0;
      return widest > width - 8 || textHeight(node) > height - low;
    });
    expect(tight.map((node) => node.id)).toEqual([]);
    expect(textWidth(page.legend, fonts.line.size)).toBeLessThan(sheet.width - 60);
  });

  test('has arrows of level and upright stretches that begin and end on the borders of their boxes', () => {
    for (const { edge, route } of drawing.arrows) {
      for (const segment of segmentsOf(route)) {
        const { width, height } = segmentRect(segment);
        expect(Math.min(width, height)).toBe(0);
        expect(Math.max(width, height)).toBeGreaterThan(0);
      }
      const ends = [
        [edge.from, route[0]!],
        [edge.to, route.at(-1)!],
      ] as const;
      for (const [name, { x, y }] of ends) {
        const rect = rectOf(page.nodes.find((node) => node.id === name)!.at);
        const onUpright =
          (x === rect.x || x === rect.x + rect.width) && y > rect.y && y < rect.y + rect.height;
        const onLevel = (y === rect.y || y === rect.y + rect.height) && x > rect.x && x < rect.x + rect.width;
        expect([name, onUpright || onLevel]).toEqual([name, true]);
      }
    }
  });

  test('has no arrow through a box', () => {
    expect(crossings(drawing)).toEqual([]);
  });

  test('has no arrow that runs on another', () => {
    const stretches = drawing.arrows.flatMap(({ edge, route }) =>
      segmentsOf(route).map((segment) => ({ edge, rect: segmentRect(segment) })),
    );
    const shared = stretches.flatMap((a, index) =>
      stretches
        .slice(index + 1)
        .filter((b) => b.edge !== a.edge && together(a.rect, b.rect))
        .map((b) => `${a.edge.from} → ${a.edge.to} on ${b.edge.from} → ${b.edge.to}`),
    );
    expect(shared).toEqual([]);
  });

  test('has no label on a box, on the name of a zone, on another label or off the sheet', () => {
    const labels = labelsOf(drawing);
    const taken = [...page.nodes.map(({ at }) => rectOf(at)), ...page.zones.map(zoneTitleRect)];
    const bad = labels.filter(
      ({ rect }, index) =>
        taken.some((box) => overlap(rect, box)) ||
        labels.slice(index + 1).some((other) => overlap(rect, other.rect)) ||
        !inside(rect, { x: 0, y: 0, width: sheet.width, height: sheet.height }),
    );
    expect(bad).toEqual([]);
    const wanted = page.edges.filter(({ label, step }) => label !== undefined || step !== undefined);
    expect(labels).toHaveLength(wanted.length);
  });
});

test('the drawing of an arrow through a box is told from one round it', () => {
  const { page, arrows } = drawings.get('flow')!;
  const [first] = arrows;
  const [from, to] = [page.nodes[0]!, page.nodes.at(-1)!];
  const straight = {
    edge: { from: from.id, to: to.id },
    route: [
      { x: 0, y: from.at[1] + 20 },
      { x: sheet.width, y: from.at[1] + 20 },
    ],
    label: undefined,
  };
  expect(crossings({ page, arrows: [first!] })).toEqual([]);
  expect(crossings({ page, arrows: [straight] }).length).toBeGreaterThan(3);
});

test.each(diagramFiles().map(([path, content]) => [path, content]))(
  'docs/%s is what the model makes (npm run diagrams)',
  (path, content) => {
    expect(readFileSync(`docs/${path}`, 'utf8')).toBe(content);
  },
);
