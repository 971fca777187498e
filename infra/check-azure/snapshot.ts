import type { Template } from '../azure/template/template.ts';

export interface PredictedResource {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly apiVersion: string;
  readonly location?: string;
  readonly properties?: Readonly<Record<string, unknown>>;
  /** Ids of `dependsOn`, and the id that `scope` names. */
  readonly after?: readonly string[];
  readonly on?: string | undefined;
}

/** Bicep evaluates this property and keeps it; `dependsOn` and `scope` it drops. */
const carrier = 'darkroomOrder';

/** The template with what orders its resources written where a snapshot keeps it. */
export const withDependencies = (template: Template): Template => ({
  ...template,
  resources: template.resources.map((resource) => ({
    ...resource,
    properties: {
      ...resource.properties,
      [carrier]: { after: resource.dependsOn ?? [], on: resource.scope ?? '', bare: !resource.properties },
    },
  })),
});

/** The resource as it was, with its order beside its properties. */
export function takeDependencies(resource: PredictedResource): PredictedResource {
  const { [carrier]: order, ...properties } = resource.properties ?? {};
  const { after, on, bare } = order as { after: string[]; on: string; bare: boolean };
  const whole = { ...resource, properties, after, on: on === '' ? undefined : on };
  return bare ? withoutProperties(whole) : whole;
}

const withoutProperties = ({ properties: _properties, ...rest }: PredictedResource): PredictedResource =>
  rest;

/** The resource as its provider sees it. */
export const bodyOf = ({
  after: _after,
  on: _on,
  ...body
}: PredictedResource): Omit<PredictedResource, 'after' | 'on'> => body;

/** Those that wait for fewer come first. */
export const inOrder = <T extends { readonly id: string }>(
  resources: readonly T[],
  graph: Graph,
): readonly T[] => {
  const waits = ({ id }: T): number => graph.before(id.toLowerCase()).size;
  return [...resources].sort((a, b) => waits(a) - waits(b));
};

/** Resources of a snapshot by id, whose case means nothing, and what each waits for. */
export class Graph {
  readonly resources: ReadonlyMap<string, PredictedResource>;
  readonly #waitsFor = new Map<string, ReadonlySet<string>>();

  constructor(resources: readonly PredictedResource[]) {
    this.resources = new Map(resources.map((resource) => [resource.id.toLowerCase(), resource]));
  }

  /** Everything that is finished before this one begins; a resource that its condition leaves out is no one to wait for. */
  before(id: string): ReadonlySet<string> {
    const known = this.#waitsFor.get(id);
    if (known) return known;
    const all = new Set<string>();
    this.#waitsFor.set(id, all);
    for (const one of this.resources.get(id)?.after ?? []) {
      const direct = one.toLowerCase();
      if (!this.resources.has(direct)) continue;
      all.add(direct);
      for (const further of this.before(direct)) all.add(further);
    }
    return all;
  }
}
