import { bodyOf, type Graph, type PredictedResource } from './snapshot.ts';

const anId = /\/subscriptions\/[^'"\s,;()|»]*\/providers\/[^'"\s,;()|»]+/gi;

/** Every text of a JSON value, names of properties included. */
function* texts(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (Array.isArray(value)) for (const item of value) yield* texts(item);
  else if (value !== null && typeof value === 'object')
    for (const [name, item] of Object.entries(value)) {
      yield name;
      yield* texts(item);
    }
}

const parentOf = (id: string): string => id.split('/').slice(0, -2).join('/');

/** The resource of the template that an id names, or the nearest above it. */
function nearest(graph: Graph, id: string): string | undefined {
  for (let at = id; at.split('/').length > 8; at = parentOf(at)) if (graph.resources.has(at)) return at;
  return undefined;
}

/** A resource that uses another one without waiting for it. */
export interface Race {
  readonly resource: PredictedResource;
  /** The id of the other one, in lower case. */
  readonly other: string;
}

/** Ids, `reference()`, parents and scopes that a resource uses without waiting for them, directly or over others. */
export const races = (graph: Graph): readonly Race[] =>
  [...graph.resources].flatMap(([id, resource]) => {
    const ids = [...texts(bodyOf(resource))].flatMap((text) =>
      [...text.matchAll(anId)].map(([found]) => found),
    );
    const used = [...ids, resource.on ?? '', parentOf(id)].map((one) => nearest(graph, one.toLowerCase()));
    return [...new Set(used)].flatMap((other) =>
      other === undefined || other === id || graph.before(id).has(other) ? [] : [{ resource, other }],
    );
  });

export const missingDependencies = (graph: Graph): readonly string[] =>
  races(graph).map(
    ({ resource, other }) => `${resource.type} ${resource.name} uses ${other.split('/').slice(6).join('/')}`,
  );
