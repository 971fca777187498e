import { fileURLToPath } from 'node:url';

/** The repository: every component runs from here. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** For every process of the stack. */
export const nodeFlags = [
  '--no-warnings',
  // Bytes that pass through come in buffers outside of the heap. With a small young generation they are let go of
  // by many cheap collections, instead of by full ones each time 32 MB have passed.
  '--max-semi-space-size=1',
  // A record may have a property of this name: reading it into an object must not change what the object is.
  '--disable-proto=delete',
];

/** The arguments for `node` with which a component's main.ts runs as a process of its own. */
export const componentArguments = (script: string, args: readonly string[]): string[] => [
  ...nodeFlags,
  '--import',
  new URL('orphan-watch.mjs', import.meta.url).href,
  script,
  ...args,
];

/** Its environment: ours without flags for node, and what the component is given. */
export const componentEnvironment = (given: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv => ({
  ...process.env,
  NODE_OPTIONS: '',
  ...given,
});
