/**
 * The grammar of template expressions as Resource Manager reads it: calls, strings, whole numbers, members, indexes, and
 * nothing else. There is no `true` and no `null`, only `true()` and `null()`; names of functions have no case.
 */
export type Node =
  | { readonly kind: 'literal'; readonly value: string | number }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Node[] }
  | { readonly kind: 'member'; readonly of: Node; readonly name: string }
  | { readonly kind: 'index'; readonly of: Node; readonly at: Node };

const token = /\s*(?:('(?:[^']|'')*')|([+-]?\d+)|([A-Za-z_][\w]*)|([().,[\]]))/y;

function tokens(source: string): string[] {
  const found: string[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < source.trimEnd().length) {
    const at = token.lastIndex;
    const match = token.exec(source);
    if (!match) throw new Error(`cannot read the expression at ${at}: ${source}`);
    found.push(match[0].trim());
  }
  return found;
}

export function parse(source: string): Node {
  const list = tokens(source);
  let at = 0;
  const take = (wanted?: string): string => {
    const next = list[at];
    if (next === undefined || (wanted !== undefined && next !== wanted)) {
      throw new Error(`expected ${wanted ?? 'more'}, found ${next ?? 'the end'}: ${source}`);
    }
    at += 1;
    return next;
  };
  const nameIn = (text: string): string => {
    if (!/^[A-Za-z_]/.test(text)) throw new Error(`expected a name, found ${text}: ${source}`);
    return text;
  };
  const callOf = (name: string): Node => {
    take('(');
    const args: Node[] = [];
    if (list[at] !== ')') args.push(expression());
    while (list[at] === ',') {
      take(',');
      args.push(expression());
    }
    take(')');
    return { kind: 'call', name: name.toLowerCase(), args };
  };
  const atom = (): Node => {
    const next = take();
    if (next.startsWith("'")) return { kind: 'literal', value: next.slice(1, -1).replaceAll("''", "'") };
    if (/^[+-]?\d/.test(next)) return { kind: 'literal', value: Number(next) };
    return callOf(nameIn(next));
  };
  const expression = (): Node => {
    let node = atom();
    for (;;) {
      if (list[at] === '.') {
        take('.');
        node = { kind: 'member', of: node, name: nameIn(take()) };
      } else if (list[at] === '[') {
        take('[');
        node = { kind: 'index', of: node, at: expression() };
        take(']');
      } else return node;
    }
  };
  const node = expression();
  if (at !== list.length) throw new Error(`something follows the expression: ${source}`);
  return node;
}

/** A JSON string is an expression when it is in brackets and the first is not doubled. */
export const isExpression = (text: string): boolean =>
  text.startsWith('[') && !text.startsWith('[[') && text.endsWith(']');
