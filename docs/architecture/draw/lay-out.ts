import { rectOf, type Edge, type Node, type Page, type Rect } from '../types.ts';
import { makeField } from './field.ts';
import { labelSize, placeLabel, segmentRect, segmentsOf, type Label } from './labels.ts';
import { findRoute, occupy, type Point } from './route.ts';
import { zoneTitleRect } from './zones.ts';

export interface Arrow {
  readonly edge: Edge;
  readonly route: readonly Point[];
  readonly label: Label | undefined;
}

export interface Drawing {
  readonly page: Page;
  readonly arrows: readonly Arrow[];
}

const nodeOf = (page: Page, id: string): Node => {
  const node = page.nodes.find((one) => one.id === id);
  if (node === undefined) throw new Error(`${page.id}: there is no box ${id}`);
  return node;
};

const distance = (page: Page, { from, to }: Edge): number => {
  const [a, b] = [nodeOf(page, from).at, nodeOf(page, to).at];
  return Math.abs(a[0] + a[2] / 2 - b[0] - b[2] / 2) + Math.abs(a[1] + a[3] / 2 - b[1] - b[3] / 2);
};

/** Routes in this order, or the edge that found no way. */
function tryRoutes(page: Page, order: readonly Edge[]): Map<Edge, Point[]> | Edge {
  const field = makeField(page);
  const routes = new Map<Edge, Point[]>();
  for (const edge of order) {
    const route = findRoute(field, nodeOf(page, edge.from).at, nodeOf(page, edge.to).at, edge);
    if (route === undefined) return edge;
    occupy(field, route);
    routes.set(edge, route);
  }
  return routes;
}

/** Short arrows first; one that finds no way goes first at the next try. */
function routeAll(page: Page): Map<Edge, Point[]> {
  let order = [...page.edges].sort((a, b) => distance(page, a) - distance(page, b));
  for (let attempt = 0; attempt <= page.edges.length; attempt++) {
    const found = tryRoutes(page, order);
    if (found instanceof Map) return found;
    order = [found, ...order.filter((edge) => edge !== found)];
  }
  throw new Error(`${page.id}: no way for ${order[0]!.from} to ${order[0]!.to}`);
}

/** Finds the ways of all arrows and the places of their labels. The same page gives the same drawing. */
export function layOut(page: Page): Drawing {
  const routes = routeAll(page);
  const boxes = [...page.nodes.map(({ at }) => rectOf(at)), ...page.zones.map(zoneTitleRect)];
  const labels = new Map<Edge, Label>();
  const widest = [...page.edges].sort((a, b) => labelSize(b).width - labelSize(a).width);
  for (const edge of widest) {
    const others = [...routes].filter(([one]) => one !== edge);
    const label = placeLabel(edge, routes.get(edge)!, {
      boxes,
      labels: [...labels.values()].map(({ rect }): Rect => rect),
      segments: others.flatMap(([, route]) => segmentsOf(route).map(segmentRect)),
    });
    if (label !== undefined) labels.set(edge, label);
    else if (labelSize(edge).width > 0)
      throw new Error(`${page.id}: no place for the label of ${edge.from} to ${edge.to}`);
  }
  return {
    page,
    arrows: page.edges.map((edge) => ({ edge, route: routes.get(edge)!, label: labels.get(edge) })),
  };
}
