/** Draws the pages of a draw.io file as pictures that stand alone. Bundled for the browser by support/diagrams.ts. */
import { Graph, ModelXmlSerializer, ShapeRegistry } from '@maxgraph/core';
import { faultsOf } from './diagram-faults.ts';
import { hasHelvetica } from './diagram-lines.ts';
import { toSvg } from './diagram-svg.ts';

/** draw.io wraps a shape that carries properties of its own; maxGraph wants the shape alone. */
function unwrap(model: Element): void {
  for (const wrapper of model.querySelectorAll('object, UserObject')) {
    const cell = wrapper.querySelector('mxCell')!;
    cell.setAttribute('id', wrapper.getAttribute('id')!);
    cell.setAttribute('value', wrapper.getAttribute('label')!);
    wrapper.replaceWith(cell);
  }
}

/** draw.io names a shape by a word alone (`ellipse;html=1`), and leaves `;base64` out of an image: a semicolon ends a value. */
function completeStyles(graph: Graph): void {
  for (const { style } of Object.values(graph.model.cells ?? {})) {
    const [word] = style.baseStyleNames ?? [];
    if (style.shape === undefined && word !== undefined && ShapeRegistry.get(word) !== null) {
      style.shape = word;
      style.perimeter ??= `${word}Perimeter`;
    }
    if (style.image?.startsWith('data:')) style.image = style.image.replace(/(;base64)?,/, ';base64,');
  }
}

function graphOf(model: Element, container: HTMLElement): Graph {
  const graph = new Graph(container, undefined, []);
  graph.setHtmlLabels(true);
  unwrap(model);
  new ModelXmlSerializer(graph.model).import(new XMLSerializer().serializeToString(model));
  completeStyles(graph);
  graph.refresh();
  return graph;
}

/** One page: its `<diagram>` element as text. */
function draw(diagram: string) {
  if (!hasHelvetica())
    throw new Error('no font here is as wide as Helvetica: apt-get install fonts-liberation');
  const { documentElement } = new DOMParser().parseFromString(diagram, 'text/xml');
  const container = document.createElement('div');
  document.body.replaceChildren(container);
  const graph = graphOf(documentElement.querySelector('mxGraphModel')!, container);
  return { faults: faultsOf(graph), svg: toSvg(container, documentElement.getAttribute('name')!) };
}

Object.assign(globalThis, { draw });
