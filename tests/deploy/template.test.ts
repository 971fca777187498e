import { describe, expect, test } from '@jest/globals';
import { alerts } from '../../infra/azure/template/alerts.ts';
import { parameters } from '../../infra/azure/template/parameters.ts';
import { template } from '../../infra/azure/template/template.ts';
import { isExpression, parse, type Node } from './support/expression-parser.ts';
import { knownFunctions, type Deployed } from './support/evaluate.ts';
import { serverlessYml } from '../../infra/azure/stage-parameters.ts';
import { stageNames, stageOf } from './support/stages.ts';

/** Every expression in the template, property names included. */
function* expressions(value: unknown): Generator<string> {
  if (typeof value === 'string') {
    if (isExpression(value)) yield value.slice(1, -1);
  } else if (Array.isArray(value)) {
    for (const one of value) yield* expressions(one);
  } else if (value !== null && typeof value === 'object') {
    for (const [name, one] of Object.entries(value)) {
      yield* expressions(name);
      yield* expressions(one);
    }
  }
}

/** The functions that an expression calls. */
function calls(node: Node): string[] {
  switch (node.kind) {
    case 'literal':
      return [];
    case 'member':
      return calls(node.of);
    case 'index':
      return [...calls(node.of), ...calls(node.at)];
    case 'call':
      return [node.name, ...node.args.flatMap(calls)];
  }
}

const stages = stageNames.map((name) => [name] as const);

describe('the template', () => {
  test('has only expressions that parse and functions that exist', () => {
    const all = [...expressions(template)];
    expect(all.length).toBeGreaterThan(500);
    for (const one of all) {
      for (const name of calls(parse(one))) expect(knownFunctions).toContain(name);
    }
  });

  test('fits the limits of Resource Manager: 800 resources, 256 parameters, 64 outputs, 4 MB', () => {
    expect(template.resources.length).toBeLessThan(800);
    expect(Object.keys(template.parameters).length).toBeLessThan(256);
    expect(Object.keys(template.outputs).length).toBeLessThan(64);
    expect(JSON.stringify(template).length).toBeLessThan(4 * 1024 * 1024);
  });

  test('takes exactly the parameters that serverless.yml gives, and what the deployment finds out', () => {
    const given = [
      ...Object.keys(serverlessYml.provider.armTemplate.parameters),
      ...['eventHubsPaired', 'ledgerDigestsLocked'],
    ];
    expect(given.sort()).toEqual(Object.keys(parameters).sort());
  });

  test.each(stages)('uses every parameter in %s', (name) => {
    const stage = stageOf(name);
    stage.deploy();
    stage.json(template.outputs);
    const unused = Object.keys(parameters).filter((one) => !stage.usedParameters.has(one));
    const notOnHyperscale = name === 'prod' ? ['sqlMaximumGb'] : [];
    expect(unused).toEqual(notOnHyperscale);
  });

  test.each(stages)('gives every resource of %s a name of its own', (name) => {
    const ids = stageOf(name)
      .deploy()
      .map(({ id }) => id.toLowerCase());
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });

  test.each(stages)('refers in %s only to resources that it deploys', (name) => {
    const stage = stageOf(name);
    const deployed = stage.deploy();
    stage.json(template.outputs);
    const ids = new Set(deployed.map(({ id }) => id));
    expect([...stage.references].filter((id) => !ids.has(id))).toEqual([]);
    const missing = deployed.flatMap(({ id, scope }) =>
      typeof scope === 'string' && !ids.has(scope) && !scope.endsWith('/databases/master')
        ? [`${id} → ${scope}`]
        : [],
    );
    expect(missing).toEqual([]);
  });

  test('has dependencies that all are resources of the template, whatever the conditions', () => {
    const everything = new Set(
      template.resources.map(({ condition: _condition, ...rest }) => stageOf('prod').resource(rest)?.id),
    );
    for (const one of stageOf('prod').deploy()) {
      for (const dependency of one.dependsOn) expect(everything).toContain(dependency);
    }
  });

  test.each(stages)('can be put in an order in %s: nothing waits for itself', (name) => {
    const deployed = new Map(
      stageOf(name)
        .deploy()
        .map((one) => [one.id, one]),
    );
    const done = new Set<string>();
    const visit = (one: Deployed, path: readonly string[]): void => {
      if (done.has(one.id)) return;
      if (path.includes(one.id)) throw new Error(`a circle: ${[...path, one.id].join(' → ')}`);
      for (const id of one.dependsOn) {
        const next = deployed.get(id);
        if (next) visit(next, [...path, one.id]);
      }
      done.add(one.id);
    };
    expect(() => deployed.forEach((one) => visit(one, []))).not.toThrow();
  });

  test.each(stages)(
    'waits in %s for what is above a resource in its name, or for what it is scoped to',
    (name) => {
      const deployed = stageOf(name).deploy();
      const ids = new Set(deployed.map(({ id }) => id));
      const byId = new Map(deployed.map((one) => [one.id, one]));
      const reaches = (from: Deployed, to: string, seen = new Set<string>()): boolean =>
        from.dependsOn.some((id) => {
          if (id === to) return true;
          const next = byId.get(id);
          if (!next || seen.has(id)) return false;
          seen.add(id);
          return reaches(next, to, seen);
        });
      const parentOf = ({ id, scope }: Deployed): string =>
        typeof scope === 'string' ? scope : id.split('/').slice(0, -2).join('/');
      const early = deployed.filter((one) => ids.has(parentOf(one)) && !reaches(one, parentOf(one)));
      expect(early.map(({ id }) => id)).toEqual([]);
    },
  );

  test.each(stages)('names storage accounts and vaults of %s within what Azure allows', (name) => {
    for (const { type, name: own } of stageOf(name).deploy()) {
      if (type === 'Microsoft.Storage/storageAccounts') expect(own).toMatch(/^[a-z0-9]{3,24}$/);
      if (type === 'Microsoft.KeyVault/vaults') expect(own).toMatch(/^[a-z][a-z0-9-]{1,22}[a-z0-9]$/);
      if (type === 'Microsoft.Web/sites') expect(own).toMatch(/^[a-z0-9][a-z0-9-]{0,58}[a-z0-9]$/);
      if (type === 'Microsoft.Synapse/workspaces') expect(own).toMatch(/^[a-z0-9-]{1,50}$/);
      if (type === 'Microsoft.Network/FrontDoorWebApplicationFirewallPolicies')
        expect(own).toMatch(/^[a-z][a-z0-9]*$/i);
    }
  });
});

describe('Front Door', () => {
  interface FrontDoorRoute {
    readonly originGroup: { readonly id: string };
    readonly patternsToMatch: readonly string[];
  }
  const routes = stageOf('prod')
    .deploy()
    .filter(({ type }) => type === 'Microsoft.Cdn/profiles/afdEndpoints/routes')
    .map(({ properties }) => properties as FrontDoorRoute);
  /** Of the patterns that fit, the longest decides. */
  const groupFor = (path: string) =>
    routes
      .flatMap(({ originGroup, patternsToMatch }) =>
        patternsToMatch.map((pattern) => ({ prefix: pattern.replace(/\*$/, ''), group: originGroup.id })),
      )
      .filter(({ prefix }) => path.startsWith(prefix))
      .sort((a, b) => b.prefix.length - a.prefix.length)[0]
      ?.group.split('/')
      .at(-1);
  const addresses = Object.entries(serverlessYml.functions).flatMap(([name, { app, events }]) =>
    events.flatMap(({ http }) => {
      const route = (http as { route: string } | undefined)?.route;
      return route === undefined ? [] : [{ name, apps: app.split(', '), path: `/api/${route}` }];
    }),
  );

  test.each(addresses)('takes $path to an app that has $name', ({ path, apps }) => {
    expect(apps).toContain(groupFor(path));
  });
});

test.each([
  ['purge-overdue', 'purge', '0 */5 * * * *'],
  ['ledger-stopped', 'ledgerCheckpoint', '50 * * * * *'],
])('the alert %s looks at the timer %s, and at no other function', (alertName, timer, schedule) => {
  const alert = alerts.find(({ name }) => name === alertName)!;
  // Whole names: Kusto's `endswith` does not look at capitals, and would count `getLedgerCheckpoint`.
  expect(alert.kind === 'logs' && alert.query).toContain(
    `OperationName in ("${timer}", "Functions.${timer}")`,
  );
  expect(serverlessYml.functions[timer]!.events).toEqual([{ timer: { schedule } }]);
});
