import { races } from '../../../../infra/check-azure/dependencies.ts';
import { brokenOrders } from '../../../../infra/check-azure/order.ts';
import { refusal, regionOf, type World } from '../../../../infra/check-azure/service-rules.ts';
import { Graph, inOrder } from '../../../../infra/check-azure/snapshot.ts';
import type { Template } from '../../../../infra/azure/template/template.ts';
import { Stage, type Deployed, type Value } from '../evaluate.ts';
import type { FailedResource } from './failed-resource.ts';
import type { State } from './state.ts';

export interface DeploymentBody {
  readonly properties: {
    readonly mode: string;
    readonly template: Template;
    readonly parameters: Record<string, { value: string | number | boolean }>;
  };
}

export type Outcome =
  | { readonly outputs: Value; readonly made: readonly string[] }
  | { readonly failed: readonly FailedResource[] };

const failure = ({ type, name }: Deployed, message: string): FailedResource => ({ type, name, message });

/** What is used before it is there. Resources of an earlier deployment are; nothing of this one is until it is waited for. */
const tooEarly = (graph: Graph, world: World, all: ReadonlyMap<string, Deployed>): FailedResource[] =>
  races(graph)
    .filter(({ other }) => !world.resources.has(other))
    .map(({ resource: { id }, other }) => failure(all.get(id.toLowerCase())!, `ResourceNotFound: ${other}`));

/** What a resource looks up must answer: nothing does in a region that is lost. */
function unreachable(stage: Stage, world: World): FailedResource[] {
  return [...stage.references]
    .filter((id) => world.lostRegion !== undefined && regionOf(id, world) === world.lostRegion)
    .map((id) => ({ type: 'reference', name: id, message: `ServiceUnavailable: ${world.lostRegion ?? ''}` }));
}

function make(state: State, resource: Deployed): void {
  state.resources.set(resource.id.toLowerCase(), resource);
  if (resource.type !== 'Microsoft.Web/sites') return;
  const { siteConfig, enabled } = resource['properties'] as {
    siteConfig: { appSettings: { name: string; value: string }[] };
    enabled: boolean;
  };
  state.sites.set(resource.name, {
    settings: Object.fromEntries(siteConfig.appSettings.map(({ name, value }) => [name, value])),
    enabled,
    functions: state.sites.get(resource.name)?.functions ?? [],
    looks: 0,
  });
}

/** Makes what the template declares, each resource after those that it waits for, until a service refuses one. */
export function runDeployment(
  state: State,
  { properties: { template, parameters } }: DeploymentBody,
): Outcome {
  const given = Object.fromEntries(Object.entries(parameters).map(([name, { value }]) => [name, value]));
  const stage = new Stage(template, given);
  const resources = stage.deploy();
  const all = new Map(resources.map((one) => [one.id.toLowerCase(), one]));
  const graph = new Graph(
    resources.map(({ dependsOn, scope, ...one }) => ({
      ...one,
      after: dependsOn,
      on: scope as string | undefined,
    })),
  );
  const world: World = { resources: state.resources, roles: state.roles, lostRegion: state.lostRegion };
  const outputs = stage.json(template.outputs);
  const early = [...tooEarly(graph, world, all), ...unreachable(stage, world)];
  const disordered = brokenOrders(graph).map((message) => ({ type: 'order', name: '', message }));
  if (early.length + disordered.length > 0) return { failed: [...early, ...disordered] };
  for (const resource of inOrder(resources, graph)) {
    const reason = refusal(resource, world);
    if (reason !== undefined) return { failed: [failure(resource, reason)] };
    make(state, resource);
  }
  return { outputs, made: resources.map(({ type }) => type) };
}
