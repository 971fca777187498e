import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { template } from '../template/template.ts';
import { addNativePackages } from './add-native-packages.ts';
import { whatIf } from './arm-deployment.ts';
import { checkParameters, typedParameters } from './check-parameters.ts';
import { AzureClient } from './client.ts';
import { defineConfigSchema } from './config-schema.ts';
import type { Context } from './context.ts';
import { chooseCredential } from './credential.ts';
import { deploy, functionsByApp, packagePath } from './deploy.ts';
import { info, invoke, logs } from './inspect.ts';
import { remove, rollback, rotate } from './lifecycle.ts';
import type { Hook, Options, Serverless, Utilities } from './serverless.ts';
import { Steps } from './steps.ts';
import { plan, summary } from './summary.ts';

/** Hooks of serverless-azure-functions that this plugin does instead (docs/decisions/070-…). */
const replaced = [
  'before:package:setupProviderConfiguration',
  'deploy:deploy',
  'remove:remove',
  'rollback:rollback',
  'info:info',
  'invoke:invoke',
  ...[
    'deploy:list:list',
    'deploy:deploy',
    'invoke:invoke',
    'rollback:rollback',
    'remove:remove',
    'info:info',
  ].map((name) => `before:${name}`),
];

const force = { usage: 'Do it although nothing changed, or without asking', type: 'boolean' } as const;

/** Serverless calls the hooks; each hands over to a file of its own. */
export class DarkroomPlugin {
  readonly hooks: Record<string, Hook>;
  readonly commands = {
    deploy: {
      options: { force, dryrun: { usage: 'Say what would be deployed; change nothing', type: 'boolean' } },
    },
    remove: { options: { force } },
    rotate: {
      usage: 'Replace the key that signs image links',
      lifecycleEvents: ['rotate'],
      options: { subscriptionId: { usage: 'Azure subscription', type: 'string' } },
    },
    logs: {
      usage: 'Show the last hour of a function',
      lifecycleEvents: ['logs'],
      options: { function: { usage: 'Name of the function', shortcut: 'f', required: true, type: 'string' } },
    },
  };
  readonly #serverless: Serverless;
  readonly #options: Options;
  readonly #utilities: Utilities;

  constructor(serverless: Serverless, options: Options, utilities: Utilities) {
    this.#serverless = serverless;
    this.#options = options;
    this.#utilities = utilities;
    defineConfigSchema(serverless);
    this.hooks = {
      initialize: () => this.#takeOver(),
      'before:package:createDeploymentArtifacts': () => this.#build(),
      'after:package:createDeploymentArtifacts': () =>
        addNativePackages(serverless.serviceDir, packagePath(serverless.serviceDir)),
      'after:package:finalize': () => this.#writeTemplate(),
      'deploy:deploy': () => this.#deploy(),
      'remove:remove': () =>
        this.#run('remove', (context, steps) => remove(context, steps, this.#flag('force'))),
      'rollback:rollback': () =>
        this.#run('rollback', (context, steps) => rollback(context, steps, this.#text('timestamp'))),
      'rotate:rotate': () => this.#run('rotate', rotate),
      'info:info': () => this.#run('info', info),
      'logs:logs': () => this.#run('logs', (context) => logs(context, this.#text('function') ?? '')),
      'invoke:invoke': () =>
        this.#run('invoke', (context) =>
          invoke(context, serverless, this.#text('function') ?? '', this.#text('data')),
        ),
    };
  }

  #flag(name: string): boolean {
    return this.#options[name] !== undefined && this.#options[name] !== false;
  }

  #text(name: string): string | undefined {
    const value = this.#options[name];
    return typeof value === 'string' ? value : undefined;
  }

  #package(): string {
    return packagePath(this.#serverless.serviceDir, this.#text('package'));
  }

  #takeOver(): void {
    const { hooks } = this.#serverless.pluginManager;
    for (const name of replaced) {
      hooks[name] = (hooks[name] ?? []).filter(({ pluginName }) => !pluginName.startsWith('Azure'));
    }
  }

  async #build(): Promise<void> {
    const { serviceDir } = this.#serverless;
    await promisify(execFile)(process.execPath, [join(serviceDir, 'infra/build.ts'), '--minify'], {
      cwd: serviceDir,
    });
    const { olderFiles } = await import('../../build.ts');
    this.#serverless.service.package.patterns.push(
      ...olderFiles(join(serviceDir, 'dist')).map((name) => `!dist/${name}`),
    );
  }

  #writeTemplate(): void {
    const { serviceDir, service } = this.#serverless;
    const file = join(serviceDir, '.serverless/template.json');
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${JSON.stringify(template, null, 2)}\n`);
    writeFileSync(
      join(serviceDir, '.serverless/parameters.json'),
      `${JSON.stringify(typedParameters(service.provider.armTemplate.parameters), null, 2)}\n`,
    );
  }

  #settled(): Omit<Context, 'client' | 'subscription'> {
    const { serviceDir, service } = this.#serverless;
    const { provider } = service;
    return {
      serviceDir,
      resourceGroup: provider.resourceGroup,
      region: provider.region,
      stage: provider.stage,
      tags: provider.tags ?? {},
      parameters: typedParameters(provider.armTemplate.parameters),
      settings: service.custom.darkroom,
      log: this.#utilities.log,
    };
  }

  async #signIn(steps: Steps): Promise<Context> {
    return steps.run(
      'sign-in',
      async () => {
        const subscription =
          this.#text('subscriptionId') ?? process.env['AZURE_SUBSCRIPTION_ID'] ?? (await subscriptionOfAz());
        const { credential } = chooseCredential();
        const client = new AzureClient(credential);
        await client.token();
        return { ...this.#settled(), client, subscription };
      },
      ({ subscription }) => `${chooseCredential().how}, subscription ${subscription}`,
    );
  }

  async #run(command: string, action: (context: Context, steps: Steps) => Promise<string>): Promise<void> {
    const steps = new Steps(`sls ${command}`, this.#utilities.log);
    const context = await this.#signIn(steps);
    this.#utilities.writeText(await steps.run(command, () => action(context, steps)));
  }

  async #deploy(): Promise<void> {
    const steps = new Steps('sls deploy', this.#utilities.log);
    const settled = this.#settled();
    const { serviceDir } = settled;
    if (this.#flag('dryrun')) return this.#dryRun(steps);
    await steps.run(
      'parameters',
      () => {
        checkParameters(settled.parameters);
        return Promise.resolve();
      },
      () => 'complete',
    );
    const context = await this.#signIn(steps);
    const outputs = await deploy(context, steps, {
      force: this.#flag('force'),
      package: this.#package(),
    });
    this.#utilities.writeText(summary(context, outputs, functionsByApp(serviceDir)));
  }

  /** Needs no sign-in; with a subscription in the environment it also asks Azure what would change. */
  async #dryRun(steps: Steps): Promise<void> {
    const settled = this.#settled();
    const bytes = existsSync(packagePath(settled.serviceDir))
      ? readFileSync(packagePath(settled.serviceDir)).length
      : 0;
    this.#utilities.writeText(plan(settled, functionsByApp(settled.serviceDir), bytes));
    try {
      checkParameters(settled.parameters);
    } catch (error) {
      this.#utilities.log.warning(error instanceof Error ? error.message : String(error));
      return;
    }
    if (!process.env['AZURE_SUBSCRIPTION_ID']) return;
    const context = await this.#signIn(steps);
    const changes = await steps.run('what-if', () => whatIf(context, template));
    this.#utilities.writeText(
      changes.map(({ changeType, resourceId }) => `  ${changeType}: ${resourceId}`).join('\n'),
    );
  }
}

async function subscriptionOfAz(): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(
      'az',
      ['account', 'show', '--query', 'id', '--output', 'tsv'],
      {
        timeout: 30_000,
      },
    );
    return stdout.trim();
  } catch {
    throw new Error('no subscription: set AZURE_SUBSCRIPTION_ID, or sign in with "az login"');
  }
}
