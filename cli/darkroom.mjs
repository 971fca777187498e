#!/usr/bin/env node
/** `npx darkroom`: runs the CLI on the Node 24 of this repository, whichever Node started it. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { packagesFault } from '../infra/installation.mjs';

const main = fileURLToPath(new URL('./main.ts', import.meta.url));
const node = fileURLToPath(new URL('../node_modules/node/bin/node', import.meta.url));

const fault = existsSync(node) ? packagesFault() : 'Node 24 is not there';
if (fault) {
  console.error(`darkroom: ${fault}; "npm start" (or "node infra/bootstrap.mjs") installs what is missing.`);
  process.exit(1);
}
if (process.versions.node.split('.')[0] === '24') {
  // As `--no-warnings` below.
  process.removeAllListeners('warning');
  await import(main);
} else {
  const { status } = spawnSync(node, ['--no-warnings', main, ...process.argv.slice(2)], { stdio: 'inherit' });
  process.exit(status ?? 1);
}
