import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readTmdl, type TmdlNode } from '../../../../../infra/power-bi-files/tmdl.ts';

const folder = fileURLToPath(new URL('../../../../../infra/power-bi/', import.meta.url));
const modelFolder = 'Darkroom.SemanticModel/definition/';

/** The files of a Power BI project, by their path in it. */
export type Files = ReadonlyMap<string, string>;

export const readFiles = (): Files =>
  new Map(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name !== '.gitignore')
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [relative(folder, path), readFileSync(path, 'utf8')]),
  );

const under = (files: Files, start: string, end = ''): [string, string][] =>
  [...files].filter(([path]) => path.startsWith(start) && path.endsWith(end));

export const jsonFiles = (files: Files): [path: string, value: unknown][] =>
  [...files]
    .filter(([path]) => !path.endsWith('.tmdl'))
    .map(([path, text]) => [path, JSON.parse(text) as unknown]);

export interface Table {
  readonly name: string;
  readonly node: TmdlNode;
  readonly columns: readonly TmdlNode[];
  readonly measures: readonly TmdlNode[];
  readonly hierarchies: readonly TmdlNode[];
  /** The query in M that fills it. */
  readonly source: string;
  /** The view of the lake that the query reads; undefined of a table that is made in M. */
  readonly view: string | undefined;
}

const ofKind = (node: TmdlNode, kind: string): TmdlNode[] => node.children.filter((one) => one.kind === kind);

export const property = (node: TmdlNode, name: string): string | undefined => ofKind(node, name)[0]?.value;

function tableOf(node: TmdlNode): Table {
  const source = property(ofKind(node, 'partition')[0]!, 'source')!;
  return {
    ...{ name: node.name, node, source },
    columns: ofKind(node, 'column'),
    measures: ofKind(node, 'measure'),
    hierarchies: ofKind(node, 'hierarchy'),
    view: /Item="(\w+)"/.exec(source)?.[1],
  };
}

export interface Model {
  readonly tables: readonly Table[];
  readonly roles: readonly TmdlNode[];
  readonly relationships: readonly TmdlNode[];
  readonly parameters: readonly TmdlNode[];
  /** What model.tmdl says. */
  readonly root: readonly TmdlNode[];
}

export function readModel(files: Files): Model {
  const nodesUnder = (start: string): TmdlNode[] =>
    under(files, `${modelFolder}${start}`, '.tmdl').flatMap(([, text]) => readTmdl(text));
  return {
    tables: nodesUnder('tables/').map(tableOf),
    roles: nodesUnder('roles/'),
    relationships: nodesUnder('relationships'),
    parameters: nodesUnder('expressions'),
    root: nodesUnder('model'),
  };
}

export interface Visual {
  readonly page: string;
  readonly name: string;
  readonly value: {
    readonly name: string;
    readonly position: Readonly<Record<'x' | 'y' | 'width' | 'height', number>>;
    readonly visual: { readonly query?: { readonly queryState: Readonly<Record<string, QueryState>> } };
  };
}

interface QueryState {
  readonly projections: readonly {
    readonly field: Readonly<Record<string, unknown>>;
    readonly queryRef: string;
    readonly active?: boolean;
  }[];
}

interface Page {
  readonly folder: string;
  readonly value: {
    readonly name: string;
    readonly displayName: string;
    readonly width: number;
    readonly height: number;
  };
  readonly visuals: readonly Visual[];
}

export interface Report {
  readonly pages: readonly Page[];
  readonly order: readonly string[];
}

const pagesFolder = 'Darkroom.Report/definition/pages/';

export function readReport(files: Files): Report {
  const parse = (path: string): unknown => JSON.parse(files.get(path)!);
  const pages = under(files, pagesFolder, '/page.json').map(([path]) => {
    const [, page = ''] = /pages\/([^/]+)\/page\.json$/.exec(path) ?? [];
    const visuals = under(files, `${pagesFolder}${page}/visuals/`, '/visual.json').map(([own]) => ({
      ...{ page, name: own.split('/').at(-2)! },
      value: parse(own) as Visual['value'],
    }));
    return { folder: page, value: parse(path) as Page['value'], visuals };
  });
  const { pageOrder } = parse(`${pagesFolder}pages.json`) as { pageOrder: string[] };
  return { pages, order: pageOrder };
}
