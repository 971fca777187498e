/** An object or a property of TMDL: `kind name = value` or `kind: value`, and what is indented beneath it. */
export interface TmdlNode {
  readonly kind: string;
  readonly name: string;
  readonly value: string;
  /** From the lines with `///` above it. */
  readonly description: string;
  readonly children: TmdlNode[];
}

const property = /^(\w+): (.*)$/;
const object = /^(ref \w+|\w+)(?: ('(?:[^']|'')*'|[^\s=':]+))?(?: =(.*))?$/;

const unquote = (name = ''): string =>
  name.startsWith("'") ? name.slice(1, -1).replaceAll("''", "'") : name;

interface Line {
  readonly depth: number;
  readonly text: string;
}

function linesOf(text: string): Line[] {
  return text.split('\n').map((line) => {
    const content = line.replace(/^\t*/, '');
    return { depth: line.length - content.length, text: content };
  });
}

function nodeOf({ text }: Line, description: string): TmdlNode {
  const [, key, rest] = property.exec(text) ?? [];
  if (key !== undefined) return { kind: key, name: '', value: rest!, description, children: [] };
  const [, kind, name, value = ''] = object.exec(text) ?? [];
  if (kind === undefined) throw new Error(`this is no TMDL: ${text}`);
  return { kind, name: unquote(name), value: value.trim(), description, children: [] };
}

/** What follows a `=` at the end of a line: every line that is indented two tabs more, without these tabs. */
function blockAfter(lines: readonly Line[], at: number): string[] {
  const { depth } = lines[at]!;
  const block: string[] = [];
  for (const line of lines.slice(at + 1)) {
    if (line.text !== '' && line.depth < depth + 2) break;
    block.push(line.text === '' ? '' : '\t'.repeat(line.depth - depth - 2) + line.text);
  }
  while (block.at(-1) === '') block.pop();
  return block;
}

/** Reads a TMDL file: enough of it to know what a model has. A line that it cannot read is an error. */
export function readTmdl(text: string): TmdlNode[] {
  const root: TmdlNode[] = [];
  const path: { depth: number; node: TmdlNode }[] = [];
  const lines = linesOf(text);
  let description: string[] = [];
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at]!;
    if (line.text === '') continue;
    if (line.text.startsWith('///')) {
      description.push(line.text.slice(3).trim());
      continue;
    }
    let node = nodeOf(line, description.join(' '));
    description = [];
    if (line.text.endsWith('=')) {
      const block = blockAfter(lines, at);
      if (block.length === 0) throw new Error(`nothing follows ${line.text}`);
      node = { ...node, value: block.join('\n') };
      at += block.length;
    }
    while (path.length > 0 && path.at(-1)!.depth >= line.depth) path.pop();
    if (line.depth !== path.length) throw new Error(`indented by ${line.depth}: ${line.text}`);
    (path.at(-1)?.node.children ?? root).push(node);
    path.push({ depth: line.depth, node });
  }
  return root;
}
