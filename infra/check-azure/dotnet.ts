import { execFile } from 'node:child_process';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const cache = fileURLToPath(new URL('../../node_modules/.cache/check-azure/', import.meta.url));
const options = {
  maxBuffer: 256 * 1024 * 1024,
  env: { ...process.env, DOTNET_CLI_TELEMETRY_OPTOUT: '1', DOTNET_NOLOGO: '1' },
};

/** Major version of the .NET SDK that the projects here are written for. */
const wantedSdk = 10;

/** Why nothing can be built here; undefined when it can. */
export async function missingSdk(): Promise<string | undefined> {
  try {
    const { stdout } = await run('dotnet', ['--list-sdks'], options);
    const found = stdout.split('\n').some((line) => Number.parseInt(line, 10) >= wantedSdk);
    return found ? undefined : `the .NET SDK ${wantedSdk} is not among: ${stdout.trim() || 'none'}`;
  } catch {
    return `the .NET SDK ${wantedSdk} is not installed`;
  }
}

export interface BuiltProject {
  /** Runs the program; answers what it printed and throws when it ends with another code than 0. */
  run(args: readonly string[]): Promise<string>;
  /** A file of a NuGet package, whose name NuGet keeps in lower case. */
  packageFile(id: string, version: string, path: string): string;
}

/** Builds the project in a folder of infra/check-azure, with output and intermediate files in node_modules/.cache. */
export async function buildProject(
  folder: string,
  properties: Readonly<Record<string, string>> = {},
): Promise<BuiltProject> {
  const name = basename(folder);
  const output = join(cache, name, 'bin');
  const settings = { BaseIntermediateOutputPath: `${join(cache, name, 'obj')}/`, ...properties };
  const build = ['build', join(folder, `${name}.csproj`), '--configuration', 'Release', '--output', output];
  const given = Object.entries(settings).map(([property, value]) => `-p:${property}=${value}`);
  await run('dotnet', [...build, ...given], options).catch((error: unknown) => {
    throw new Error(`building ${name} failed:\n${(error as { stdout: string }).stdout}`);
  });
  const { stdout } = await run('dotnet', ['nuget', 'locals', 'global-packages', '--list'], options);
  const packages = stdout.replace('global-packages:', '').trim();
  return {
    run: async (args) => (await run('dotnet', [join(output, `${name}.dll`), ...args], options)).stdout,
    packageFile: (id, version, path) => join(packages, id.toLowerCase(), version, path),
  };
}
