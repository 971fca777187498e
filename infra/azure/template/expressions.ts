/** A template expression; it becomes `[…]` when the template is written as JSON. */
export class Expression {
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }

  toJSON(): string {
    return `[${this.source}]`;
  }

  /** An element of a list. */
  at(index: Expression): Expression {
    return new Expression(`${this.source}[${index.source}]`);
  }

  /** A property of what the expression answers: `reference(…).` + path. */
  get(path: string): Expression {
    return new Expression(`${this.source}.${path}`);
  }
}

export type Argument = Expression | string | number | boolean;
export type Text = Expression | string;

const render = (argument: Argument): string => {
  if (argument instanceof Expression) return argument.source;
  if (typeof argument === 'string') return `'${argument.replaceAll("'", "''")}'`;
  // Template expressions have no boolean literals, only the functions true() and false().
  return typeof argument === 'boolean' ? `${argument}()` : String(argument);
};

export const call = (name: string, ...args: readonly Argument[]): Expression =>
  new Expression(`${name}(${args.map(render).join(', ')})`);

export const variable = (name: string): Expression => call('variables', name);
export const concat = (...parts: readonly Text[]): Expression => call('concat', ...parts);
export const when = (condition: Expression, yes: Argument, no: Argument): Expression =>
  call('if', condition, yes, no);
export const not = (condition: Expression): Expression => call('not', condition);
export const and = (...conditions: readonly (Expression | undefined)[]): Expression | undefined => {
  const present = conditions.filter((condition) => condition !== undefined);
  return present.length < 2 ? present[0] : call('and', ...present);
};

/** An expression where JSON wants a property name. */
export const key = (expression: Expression): string => expression.toJSON();
