import { XMLParser } from 'fast-xml-parser';

export interface Shape {
  readonly page: string;
  readonly id: string;
  /** What a reader sees in it. */
  readonly text: string;
  /** What of the code it stands for, as `hub:image-stream`: the property `fact`, set in draw.io by Edit Data. */
  readonly facts: readonly string[];
}

export interface Drawing {
  readonly shapes: readonly Shape[];
  /** Arrows, by what they join. */
  readonly arrows: readonly (readonly [from: Shape, to: Shape])[];
  /** What hangs on arrows, number and words apart. */
  readonly labels: readonly string[];
}

type Attributes = Readonly<Record<string, string>>;
interface Root {
  readonly mxCell?: readonly Attributes[];
  readonly object?: readonly (Attributes & { readonly mxCell: readonly Attributes[] })[];
  readonly UserObject?: Root['object'];
}
interface Diagram {
  readonly id: string;
  readonly mxGraphModel: { readonly root: Root };
}

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseAttributeValue: false,
  isArray: (name) => ['diagram', 'mxCell', 'object', 'UserObject'].includes(name),
});

const textOf = (html = ''): string =>
  html
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&nbsp;', ' ')
    .replaceAll('&amp;', '&')
    .replace(/\s+/g, ' ')
    .trim();

/** draw.io wraps a cell that carries properties of its own: `<object fact="…" label="…" id="…"><mxCell/></object>`. */
function cellsOf({ mxCell = [], object = [], UserObject = [] }: Root): Attributes[] {
  const wrapped = [...object, ...UserObject].map(({ mxCell: [cell], id, label, fact }) => ({
    ...cell,
    ...{ id: id!, value: label ?? '', fact: fact ?? '' },
  }));
  return [...mxCell, ...wrapped];
}

function readPage({ id: page, mxGraphModel }: Diagram): Drawing {
  const cells = cellsOf(mxGraphModel.root);
  const edges = new Set(cells.filter(({ edge }) => edge === '1').map(({ id }) => id!));
  const shapes = cells
    .filter(({ vertex, parent }) => vertex === '1' && !edges.has(parent!))
    .map(({ id, value, fact = '' }) => ({
      ...{ page, id: id!, text: textOf(value) },
      facts: fact.split(' ').filter((one) => one !== ''),
    }));
  const shapeOf = (id: string | undefined): Shape => {
    const shape = shapes.find((one) => one.id === id);
    if (shape === undefined) throw new Error(`${page}: an arrow hangs on nothing (${String(id)})`);
    return shape;
  };
  return {
    shapes,
    arrows: cells
      .filter(({ edge }) => edge === '1')
      .map(({ source, target }) => [shapeOf(source), shapeOf(target)] as const),
    labels: cells.filter(({ parent }) => edges.has(parent!)).map(({ value }) => textOf(value)),
  };
}

/** What a draw.io file says: all of its pages. */
export function readDrawing(drawio: string): Drawing {
  const { mxfile } = parser.parse(drawio) as { mxfile: { diagram: Diagram[] } };
  const pages = mxfile.diagram.map(readPage);
  return {
    shapes: pages.flatMap(({ shapes }) => shapes),
    arrows: pages.flatMap(({ arrows }) => arrows),
    labels: pages.flatMap(({ labels }) => labels),
  };
}

/** Names of one kind that a shape stands for. */
export const namesOf = (kind: string, { facts }: Pick<Shape, 'facts'>): string[] =>
  facts.filter((one) => one.startsWith(`${kind}:`)).map((one) => one.slice(kind.length + 1));
