import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readTmdl, type TmdlNode } from './tmdl.ts';

interface DictionaryEntry {
  readonly name: string;
  readonly kind: 'column' | 'measure';
  /** What TMDL calls it; of a measure its format. */
  readonly type: string;
  readonly about: string;
  /** In DAX, of a measure. */
  readonly formula?: string;
  /** For joins: reports do not list it. */
  readonly isHidden: boolean;
}

interface DictionaryTable {
  readonly name: string;
  readonly about: string;
  readonly entries: readonly DictionaryEntry[];
}

const folder = fileURLToPath(new URL('../power-bi/', import.meta.url));
const definition = `${folder}Darkroom.SemanticModel/definition/`;

const property = ({ children }: TmdlNode, kind: string): TmdlNode | undefined =>
  children.find((one) => one.kind === kind);

function entryOf(node: TmdlNode): DictionaryEntry {
  const shared = {
    name: node.name,
    about: node.description,
    isHidden: property(node, 'isHidden') !== undefined,
  };
  return node.kind === 'measure'
    ? { ...shared, kind: 'measure', type: property(node, 'formatString')!.value, formula: node.value }
    : { ...shared, kind: 'column', type: property(node, 'dataType')!.value };
}

/** What the semantic model says of its tables, columns and measures, in the model's order. */
export function readDictionary(): readonly DictionaryTable[] {
  const order = readTmdl(readFileSync(`${definition}model.tmdl`, 'utf8'))
    .filter(({ kind }) => kind === 'ref table')
    .map(({ name }) => name);
  return order.map((file) => {
    const [table] = readTmdl(readFileSync(`${definition}tables/${file}.tmdl`, 'utf8'));
    const entries = table!.children.filter(({ kind }) => kind === 'measure' || kind === 'column');
    return { name: table!.name, about: table!.description, entries: entries.map(entryOf) };
  });
}

/** The project's files by their path in it. */
export const readProject = (): ReadonlyMap<string, Buffer> =>
  new Map(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name !== '.gitignore')
      .map(({ parentPath, name }) => `${parentPath}/${name}`)
      .toSorted()
      .map((path) => [path.slice(folder.length).replace(/^\//, ''), readFileSync(path)]),
  );
