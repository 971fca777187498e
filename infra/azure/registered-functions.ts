import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ServiceName } from '../../shared/platform/services.ts';

/** A function as the bundle registers it with the Functions host. */
export interface RegisteredFunction {
  readonly name: string;
  readonly bindings: readonly Binding[];
}

export interface Binding {
  readonly type: string;
  readonly direction: 'in' | 'out';
  readonly [property: string]: unknown;
}

const collector = fileURLToPath(new URL('./collect-functions.cjs', import.meta.url));

/** Loads the bundle the way Azure does, for these services, and answers what it registered, by name. */
export function registeredFunctions(
  bundle: string,
  services: readonly ServiceName[],
): readonly RegisteredFunction[] {
  const output = execFileSync(process.execPath, [collector, bundle], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], DARKROOM_SERVICES: services.join(',') },
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 32 * 1024 * 1024,
  });
  return (JSON.parse(output) as RegisteredFunction[]).sort((a, b) => (a.name < b.name ? -1 : 1));
}
