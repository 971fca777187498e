import { createHash } from 'node:crypto';
import type { Template, TemplateResource } from '../../../infra/azure/template/template.ts';
import { isExpression, parse, type Node } from './expression-parser.ts';

export type Value = string | number | boolean | null | Value[] | { [name: string]: Value };
type Parameters = Readonly<Record<string, string | number | boolean>>;

export interface Deployed {
  readonly type: string;
  readonly apiVersion: string;
  readonly name: string;
  readonly id: string;
  readonly dependsOn: readonly string[];
  readonly [more: string]: unknown;
}

const subscription = '/subscriptions/00000000-0000-0000-0000-000000000000';
const group = { id: `${subscription}/resourceGroups/rehearsal`, name: 'rehearsal', location: 'westeurope' };
const short = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 13);

/** Texts, numbers and booleans join texts; anything else there is a fault of the template. */
function asText(value: Value | undefined): string {
  if (value === undefined || value === null || typeof value === 'object') {
    throw new Error(`expected a text, found ${JSON.stringify(value)}`);
  }
  return String(value);
}

function idOf(prefix: string, type: Value, names: readonly Value[]): string {
  const [provider, ...types] = asText(type).split('/');
  if (types.length !== names.length) {
    throw new Error(
      `${asText(type)} has ${types.length} types but ${names.length} names (${names.map(asText).join(', ')})`,
    );
  }
  return `${prefix}/providers/${provider ?? ''}/${types.map((one, i) => `${one}/${asText(names[i])}`).join('/')}`;
}

/** What a `reference()` answers here: for each path a text that says what it stands for. */
const runtime = (id: string, path: readonly string[]): Value => `«${id}|${path.join('.')}»`;

type Evaluator = (...args: Value[]) => Value;

const plain: Readonly<Record<string, Evaluator>> = {
  concat: (...parts) => (Array.isArray(parts[0]) ? parts.flat() : parts.map(asText).join('')),
  not: (value) => value !== true,
  and: (...all) => all.every((one) => one === true),
  or: (...all) => all.includes(true),
  equals: (a, b) => JSON.stringify(a) === JSON.stringify(b),
  greater: (a, b) => Number(a) > Number(b),
  empty: (value) => value === '' || value === null || (Array.isArray(value) && value.length === 0),
  length: (value) => (Array.isArray(value) ? value.length : asText(value).length),
  first: (list) => (Array.isArray(list) ? (list[0] ?? null) : asText(list).slice(0, 1)),
  trim: (text) => asText(text).trim(),
  string: (value) => asText(value),
  mul: (a, b) => Number(a) * Number(b),
  replace: (text, what, by) => asText(text).replaceAll(asText(what), asText(by)),
  take: (value, count) => asText(value).slice(0, Number(count)),
  uniqueString: (...parts) => short(parts.map(asText).join('|')),
  guid: (...parts) => {
    const hex = createHash('sha256').update(parts.map(asText).join('|')).digest('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  },
  json: (text) => JSON.parse(asText(text)) as Value,
  null: () => null,
  true: () => true,
  false: () => false,
  split: (text, separator) => asText(text).split(asText(separator)),
  last: (list) => (Array.isArray(list) ? (list.at(-1) ?? null) : asText(list).slice(-1)),
  createArray: (...items) => items,
  createObject: (...pairs) =>
    Object.fromEntries(
      Array.from({ length: pairs.length / 2 }, (_, i) => [asText(pairs[2 * i]), pairs[2 * i + 1] ?? null]),
    ),
  resourceGroup: () => group,
  subscription: () => ({
    id: subscription,
    subscriptionId: subscription.slice(15),
    tenantId: '11111111-1111-1111-1111-111111111111',
  }),
  environment: () => ({
    suffixes: { storage: 'core.windows.net', sqlServerHostname: '.database.windows.net' },
    authentication: { loginEndpoint: 'https://login.microsoftonline.com/' },
  }),
  resourceId: (type, ...names) => idOf(group.id, type ?? '', names),
  subscriptionResourceId: (type, ...names) => idOf(subscription, type ?? '', names),
  extensionResourceId: (scope, type, ...names) => idOf(asText(scope), type ?? '', names),
};

/** By the lower-case name: Resource Manager takes any case. */
const evaluators = new Map(Object.entries(plain).map(([name, evaluator]) => [name.toLowerCase(), evaluator]));

/** Functions that a template may call; one that is not here is not known to us either. */
export const knownFunctions = new Set([
  ...evaluators.keys(),
  ...['if', 'parameters', 'variables', 'reference', 'copyindex', 'map', 'lambda', 'lambdavariables'],
]);

/** Evaluates a template for one stage the way Resource Manager would, and keeps what it was asked to look up. */
export class Stage {
  readonly references = new Set<string>();
  readonly usedParameters = new Set<string>();
  readonly #template: Template;
  readonly #parameters: Parameters;
  readonly #lambda = new Map<string, Value>();
  #copyIndex = 0;

  constructor(template: Template, parameters: Parameters) {
    this.#template = template;
    this.#parameters = parameters;
  }

  parameter(name: string): Value {
    const declared = this.#template.parameters[name];
    if (!declared) throw new Error(`there is no parameter ${name}`);
    this.usedParameters.add(name);
    const value = this.#parameters[name] ?? declared.defaultValue;
    if (value === undefined) throw new Error(`the parameter ${name} has no value`);
    return value as Value;
  }

  #variable(name: string): Value {
    if (!(name in this.#template.variables)) throw new Error(`there is no variable ${name}`);
    return this.json(this.#template.variables[name]);
  }

  /** `map(list, lambda('name', body))`. */
  #map(list: Node, lambda: Node): Value {
    const [name, body] = lambda.kind === 'call' ? lambda.args : [];
    const items = this.node(list);
    if (!Array.isArray(items) || !name || !body) throw new Error('map takes a list and a lambda');
    return items.map((item) => {
      this.#lambda.set(asText(this.node(name)), item);
      return this.node(body);
    });
  }

  #reference(node: Extract<Node, { kind: 'call' }>, path: readonly string[]): Value {
    const [id] = node.args.map((arg) => this.node(arg));
    this.references.add(asText(id));
    return runtime(asText(id), path);
  }

  node(node: Node, path: readonly string[] = []): Value {
    switch (node.kind) {
      case 'literal':
        return node.value;
      case 'member': {
        const root = rootOf(node);
        if (root.kind === 'call' && root.name === 'reference')
          return this.node(node.of, [node.name, ...path]);
        const of = this.node(node.of);
        const value = of !== null && typeof of === 'object' && !Array.isArray(of) ? of[node.name] : undefined;
        if (value === undefined) throw new Error(`there is no property ${node.name}`);
        return value;
      }
      case 'index': {
        const of = this.node(node.of);
        const at = this.node(node.at);
        const value = elementOf(of, at);
        if (value === undefined) throw new Error(`there is no element ${asText(at)}`);
        return value;
      }
      case 'call':
        return this.#call(node, path);
    }
  }

  #call(node: Extract<Node, { kind: 'call' }>, path: readonly string[]): Value {
    const [first, second, third] = node.args;
    if (node.name === 'if') {
      if (!first || !second || !third || node.args.length > 3) throw new Error('if takes three arguments');
      return this.node(this.node(first) === true ? second : third);
    }
    if (node.name === 'reference') return this.#reference(node, path);
    if (node.name === 'copyindex') return this.#copyIndex;
    if (node.name === 'map' && first && second) return this.#map(first, second);
    const args = node.args.map((arg) => this.node(arg));
    if (node.name === 'parameters') return this.parameter(asText(args[0]));
    if (node.name === 'variables') return this.#variable(asText(args[0]));
    if (node.name === 'lambdavariables') return this.#lambda.get(asText(args[0])) ?? null;
    const known = evaluators.get(node.name);
    if (!known) throw new Error(`there is no function ${node.name}`);
    return known(...args);
  }

  /** Any JSON of the template with its expressions worked out. */
  json(value: unknown): Value {
    if (typeof value === 'string') {
      return isExpression(value) ? this.node(parse(value.slice(1, -1))) : value.replace(/^\[\[/, '[');
    }
    if (Array.isArray(value)) return value.map((one) => this.json(one));
    if (value !== null && typeof value === 'object') {
      return Object.fromEntries(
        Object.entries(value).map(([name, one]) => [asText(this.json(name)), this.json(one)]),
      );
    }
    return value as Value;
  }

  /** The resource as it would be sent to its provider, or undefined when its condition leaves it out. */
  resource(resource: TemplateResource): Deployed | undefined {
    const { condition, ...rest } = resource;
    if (condition !== undefined && this.json(condition) !== true) return undefined;
    const body = this.json(rest) as Record<string, Value>;
    const name = asText(body['name']);
    const scope = body['scope'];
    return {
      ...body,
      type: resource.type,
      apiVersion: resource.apiVersion,
      name,
      id: idOf(typeof scope === 'string' ? scope : group.id, resource.type, name.split('/')),
      dependsOn: (body['dependsOn'] ?? []) as string[],
    };
  }

  /** As many as `copy` says, each with its index; one where there is no `copy`. */
  #copies({ copy, ...resource }: TemplateResource): (Deployed | undefined)[] {
    const count = copy === undefined ? 1 : Number(this.json((copy as { count: unknown }).count));
    return Array.from({ length: count }, (_, index) => {
      this.#copyIndex = index;
      return this.resource(resource);
    });
  }

  deploy(): Deployed[] {
    return this.#template.resources.flatMap((one) => this.#copies(one)).filter((one) => one !== undefined);
  }
}

const elementOf = (of: Value, at: Value): Value | undefined => {
  if (Array.isArray(of)) return typeof at === 'number' ? of[at] : undefined;
  return of !== null && typeof of === 'object' && typeof at === 'string' ? of[at] : undefined;
};

const rootOf = (node: Node): Node =>
  node.kind === 'member' || node.kind === 'index' ? rootOf(node.of) : node;
