import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Scalars } from '../azure/stage-parameters.ts';
import type { Template } from '../azure/template/template.ts';
import type { BuiltProject } from './dotnet.ts';
import { bodyOf, takeDependencies, withDependencies, type PredictedResource } from './snapshot.ts';

export const bicepVersion = '0.49.2';
const platforms: Readonly<Record<string, string>> = {
  'linux-x64': 'linux-x64',
  'linux-arm64': 'linux-arm64',
  'darwin-x64': 'osx-x64',
  'darwin-arm64': 'osx-arm64',
  'win32-x64': 'win-x64',
};
export const bicepPlatform = platforms[`${process.platform}-${process.arch}`];

export type Snapshot =
  | { readonly refused: string }
  | {
      readonly resources: readonly PredictedResource[];
      /** The same as JSON, in the form that Bicep writes. */
      readonly file: string;
    };

export interface Snapshots {
  take(name: string, template: Template, parameters: Scalars): Promise<Snapshot>;
}

const literal = (value: string | number | boolean): string =>
  typeof value === 'string' ? `'${value.replaceAll("'", "\\'")}'` : String(value);

/** An expression that cannot be read is quoted whole: its ends say which it is and what is wrong. */
const firstLine = (message: string): string =>
  (message.split('\n')[0] ?? '').replace(/^(.{200}).*(.{200})$/, '$1 … $2');

/** What the snapshot is told of the deployment: it is evaluated offline. */
const target = [
  ['--subscription-id', '00000000-0000-0000-0000-000000000001'],
  ['--tenant-id', '11111111-1111-1111-1111-111111111111'],
  ['--location', 'westeurope'],
  ['--deployment-name', 'check'],
].flat();

/** `bicep snapshot` evaluates a template with Resource Manager's own expression engine. */
export function makeSnapshots(project: BuiltProject): Snapshots {
  const bicep = project.packageFile(
    `Azure.Bicep.CommandLine.${bicepPlatform ?? ''}`,
    bicepVersion,
    process.platform === 'win32' ? 'tools/bicep.exe' : 'tools/bicep',
  );
  if (process.platform !== 'win32') chmodSync(bicep, 0o755);
  const folder = mkdtempSync(join(tmpdir(), 'darkroom-bicep-'));
  return {
    async take(name, template, parameters) {
      const at = join(folder, name.replaceAll(' ', '-'));
      mkdirSync(at);
      writeFileSync(join(at, 'template.json'), JSON.stringify(withDependencies(template)));
      const lines = Object.entries(parameters).map(([key, value]) => `param ${key} = ${literal(value)}\n`);
      writeFileSync(join(at, 'main.bicepparam'), `using './template.json'\n${lines.join('')}`);
      const args = [...target, '--resource-group', 'darkroom-check', '--mode', 'overwrite'];
      try {
        await promisify(execFile)(bicep, ['snapshot', join(at, 'main.bicepparam'), ...args], {
          env: { ...process.env, BICEP_TRACING_ENABLED: '0' },
        });
      } catch (error) {
        return { refused: firstLine((error as { stderr?: string }).stderr ?? String(error)) };
      }
      const file = join(at, 'main.snapshot.json');
      const { predictedResources } = JSON.parse(readFileSync(file, 'utf8')) as {
        predictedResources: PredictedResource[];
      };
      const resources = predictedResources.map(takeDependencies);
      writeFileSync(file, JSON.stringify({ predictedResources: resources.map(bodyOf) }));
      return { resources, file };
    },
  };
}
