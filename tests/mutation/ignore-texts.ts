import { declareValuePlugin, PluginKind } from '@stryker-mutator/api/plugin';

/** As much of Babel's syntax tree as is looked at here. */
interface Node {
  readonly type: string;
  readonly name?: string;
  readonly callee?: Node;
  readonly object?: Node;
  readonly property?: Node;
}

interface Path {
  readonly node: Node;
  readonly parent: Node | undefined;
  /** Where it is in its parent: the position in a list of that name. */
  readonly key: string | number;
  readonly listKey: string | undefined;
}

const levels: readonly (string | undefined)[] = ['debug', 'info', 'warn', 'error'];

const isLogCall = ({ node: { type, callee } }: Path): boolean =>
  type === 'CallExpression' && callee?.object?.name === 'log' && levels.includes(callee.property?.name);

/** Position of the sentence for a person among the arguments; the code beside it is what callers and tests go by. */
const textPositions: Readonly<Record<string, number>> = {
  ...{ DarkroomError: 1, AggregateError: 1, Error: 0 },
  // Errors of image headers.
  ...{ corrupt: 0, unsupported: 0 },
};

const isErrorText = ({ node, parent, key, listKey }: Path): boolean =>
  ['StringLiteral', 'TemplateLiteral'].includes(node.type) &&
  (parent?.type === 'NewExpression' || parent?.type === 'CallExpression') &&
  listKey === 'arguments' &&
  textPositions[parent.callee?.name ?? ''] === key;

/** Leaves out what only a log line or an error's sentence would show. */
export const strykerPlugins = [
  declareValuePlugin(PluginKind.Ignore, 'texts', {
    shouldIgnore(path) {
      if (isLogCall(path as Path)) return 'the content of a log line';
      if (isErrorText(path as Path)) return 'the sentence of an error';
      return undefined;
    },
  }),
];
