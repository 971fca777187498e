import { stageParameters, type Scalars } from '../azure/stage-parameters.ts';
import { template, type Template } from '../azure/template/template.ts';
import { bicepPlatform, bicepVersion, makeSnapshots, type Snapshots } from './bicep.ts';
import { missingDependencies } from './dependencies.ts';
import { buildProject, missingSdk } from './dotnet.ts';
import { brokenOrders } from './order.ts';
import { resultOf, skipped, type CheckResult } from './result.ts';
import { refusals, type Deployed } from './service-rules.ts';
import { bodyOf, Graph, inOrder, type PredictedResource } from './snapshot.ts';
import { faultyTemplates, type CaseName } from './template-faults.ts';

interface Case {
  readonly name: CaseName;
  readonly parameters: Scalars;
}

/** Every shape that serverless.yml and the runbooks can give the template. */
const cases: readonly Case[] = [
  { name: 'dev', parameters: stageParameters('dev') },
  { name: 'prod', parameters: stageParameters('prod') },
  { name: 'dr', parameters: stageParameters('dr') },
  {
    name: 'opened',
    parameters: stageParameters('prod', {
      producerAddresses: '203.0.113.0/28,198.51.100.7',
      producerSubnetId:
        '/subscriptions/00000000-0000-0000-0000-000000000002/resourceGroups/shop/providers/Microsoft.Network/virtualNetworks/shop/subnets/endpoints',
      databaseAddresses: '203.0.113.4-203.0.113.4, 198.51.100.0-198.51.100.15',
    }),
  },
  { name: 'failed over', parameters: stageParameters('prod', { failedOver: true }) },
];

/** What Azure takes although its published types do not say so. */
const typesAreWrong = [
  // They have no decimals and call half a vCore an integer.
  /^Microsoft\.Sql\/servers\/databases \S+ \.properties\.minCapacity: 0\.5 is not an integer$/,
  // learn.microsoft.com/azure/azure-functions/flex-consumption-site-updates sets it with this and older API versions.
  /^Microsoft\.Web\/sites \S+ \.properties\.functionAppConfig\.siteUpdateStrategy: is not a property/,
];

type Types = (snapshotFile: string) => Promise<readonly string[]>;

interface Engines {
  readonly bicep: Snapshots;
  readonly types: Types;
}

async function checkCase(
  { bicep, types }: Engines,
  { name, parameters }: Case,
  given: { readonly template: Template; readonly folder: string },
): Promise<CheckResult[]> {
  const snapshot = await bicep.take(given.folder, given.template, parameters);
  if ('refused' in snapshot) return [resultOf(`${name}: snapshot`, 'Bicep', [snapshot.refused])];
  const graph = new Graph(snapshot.resources);
  const of = `${snapshot.resources.length} resources`;
  return [
    resultOf(`${name}: snapshot`, `${of}, accepted`, []),
    resultOf(`${name}: uses of another resource without dependsOn`, of, missingDependencies(graph)),
    resultOf(`${name}: orders that services ask for`, of, brokenOrders(graph)),
    resultOf(
      `${name}: what services refuse`,
      of,
      refusals(inOrder(snapshot.resources, graph).map(asDeployed)),
    ),
    resultOf(`${name}: types of properties`, of, await types(snapshot.file)),
    ...(parameters['failedOver'] === true
      ? [resultOf(`${name}: resources of the lost region`, of, lost(snapshot.resources, parameters))]
      : []),
  ];
}

const asDeployed = (resource: PredictedResource): Deployed => ({ ...bodyOf(resource) });

/** What a failed-over deployment would ask of the region that does not answer. */
const lost = (resources: readonly PredictedResource[], { location }: Scalars): readonly string[] =>
  resources.filter((one) => one.location === location).map(({ type, name }) => `${type} ${name}`);

/** Each fault that is planted alone has to be seen by the check that is there for it. */
async function unseenFaults(engines: Engines): Promise<CheckResult> {
  const all = faultyTemplates(template);
  const unseen: string[] = [];
  for (const [index, { fault, stage, seenBy, template: faulty }] of all.entries()) {
    const one = cases.find(({ name }) => name === stage)!;
    const results = await checkCase(engines, one, { template: faulty, folder: `fault ${index}` });
    const seen = results.some(({ name, status }) => name.endsWith(`: ${seenBy}`) && status === 'failed');
    if (!seen) unseen.push(`${stage}: ${fault}, which "${seenBy}" does not see`);
  }
  return resultOf('template: planted faults that are not seen', `${all.length} planted`, unseen);
}

/** The ARM template as ARM's own expression engine and Azure's published types see it. */
export async function checkTemplate(): Promise<CheckResult[]> {
  const missing = (await missingSdk()) ?? (bicepPlatform ? undefined : 'Bicep has no build for this machine');
  if (missing !== undefined) return [skipped('template: snapshots, order, types', missing)];
  const project = await buildProject(new URL('types', import.meta.url).pathname, {
    BicepVersion: bicepVersion,
    BicepPlatform: bicepPlatform ?? '',
  });
  const bicep = makeSnapshots(project);
  const types: Types = async (file) =>
    (await project.run([file]))
      .split('\n')
      .filter((line) => line !== '' && !typesAreWrong.some((wrong) => wrong.test(line)));
  const results: CheckResult[] = [];
  const engines: Engines = { bicep, types };
  for (const one of cases) results.push(...(await checkCase(engines, one, { template, folder: one.name })));
  return [...results, await unseenFaults(engines)];
}
