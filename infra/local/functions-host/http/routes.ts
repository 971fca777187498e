import type { FunctionMetadata } from '../core-types.ts';

type Constraint = (value: string) => boolean;

const constraints: Readonly<Record<string, Constraint>> = {
  int: (value) => /^-?\d{1,10}$/.test(value),
  long: (value) => /^-?\d{1,19}$/.test(value),
  guid: (value) => /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(value),
  alpha: (value) => /^[a-z]+$/i.test(value),
  bool: (value) => /^(?:true|false)$/i.test(value),
};

type Segment =
  | { readonly kind: 'literal'; readonly text: string }
  | {
      readonly kind: 'parameter';
      readonly name: string;
      readonly optional: boolean;
      readonly check: Constraint;
    }
  | { readonly kind: 'rest'; readonly name: string };

export interface HttpRoute {
  readonly target: FunctionMetadata;
  readonly methods: readonly string[];
  readonly segments: readonly Segment[];
}

function parseSegment(text: string, route: string): Segment {
  const match = /^\{(\*?)(\w+)(?::(\w+))?(\?)?\}$/.exec(text);
  if (!match) {
    if (/[{}]/.test(text))
      throw new Error(`The route "${route}" has a segment that is not supported: ${text}`);
    return { kind: 'literal', text: text.toLowerCase() };
  }
  const [, rest, name, constraint, optional] = match;
  if (rest) return { kind: 'rest', name: name! };
  const check = constraint === undefined ? () => true : constraints[constraint];
  if (!check) throw new Error(`The route "${route}" has an unknown constraint: ${constraint}`);
  return { kind: 'parameter', name: name!, optional: optional === '?', check };
}

/** Routes of the app's HTTP functions, the more specific first, as ASP.NET Core orders them. */
export function routesOf(functions: Iterable<FunctionMetadata>, prefix: string): HttpRoute[] {
  const routes = [...functions].flatMap((target) => {
    const binding = Object.values(target.bindings).find(({ type }) => type === 'httpTrigger');
    if (!binding) return [];
    const route = typeof binding['route'] === 'string' ? binding['route'] : target.name;
    const path = [prefix, route]
      .join('/')
      .split('/')
      .filter((part) => part !== '');
    const methods = (binding['methods'] as string[]).map((method) => method.toUpperCase());
    return [{ target, methods, segments: path.map((part) => parseSegment(part, route)) }];
  });
  const rank = { literal: 0, parameter: 1, rest: 2 };
  const order = ({ segments }: HttpRoute) => segments.map(({ kind }) => rank[kind]).join('');
  return routes.sort((a, b) => (order(a) < order(b) ? -1 : order(a) > order(b) ? 1 : 0));
}

/** As ASP.NET Core's TemplateMatcher: a parameter takes no empty segment, and only empty ones may be left over. */
function match(segments: readonly Segment[], parts: readonly string[]): Record<string, string> | undefined {
  const parameters: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    const part = parts[index] ?? '';
    if (segment.kind === 'rest') {
      parameters[segment.name] = parts.slice(index).join('/');
      return parameters;
    }
    if (segment.kind === 'literal') {
      if (segment.text !== part.toLowerCase()) return undefined;
    } else if (part === '') {
      if (!segment.optional) return undefined;
    } else {
      if (!segment.check(part)) return undefined;
      parameters[segment.name] = part;
    }
  }
  return parts.slice(segments.length).every((part) => part === '') ? parameters : undefined;
}

export interface Found {
  readonly target: FunctionMetadata;
  readonly parameters: Readonly<Record<string, string>>;
}

/** The function for a request by its decoded path; undefined when none takes this address and method. */
export function findRoute(routes: readonly HttpRoute[], method: string, path: string): Found | undefined {
  const names = path.split('/').slice(1);
  for (const { target, methods, segments } of routes) {
    const parameters = methods.includes(method) ? match(segments, names) : undefined;
    if (parameters) return { target, parameters };
  }
  return undefined;
}
