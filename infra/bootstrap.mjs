/**
 * Brings node_modules up to package-lock.json, with whatever Node and npm started it, and repairs what an interrupted
 * installation left.
 *
 * Install scripts stay off (one dependency of a dependency downloads a program that is not needed and may be refused)
 * except for `node` itself.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { showProgress } from './install-progress.mjs';
import { markInstalled, nodeFault, packagesFault, root } from './installation.mjs';

async function npm(...args) {
  const child = spawn('npm', args, {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
  const [status, error] = await once(child, 'close').catch((failure) => [1, failure]);
  if (status === 0) return;
  console.error(
    `\ndarkroom: "npm ${args.join(' ')}" failed${error instanceof Error ? `: ${error.message}` : ''}. The npm registry must be reachable; run the command again when it is.`,
  );
  process.exit(status ?? 1);
}

const [major] = process.versions.node.split('.').map(Number);
if (major < 20) {
  console.error(
    `darkroom: Node ${process.versions.node} is too old. Install Node 20 or newer; Node 24 itself is then fetched from npm.`,
  );
  process.exit(1);
}

const began = Date.now();
const packages = packagesFault();
if (packages) {
  console.error(`darkroom: installing (${packages}); 1.3 GB, a minute or two the first time …`);
  const endProgress = showProgress();
  await npm('ci', '--ignore-scripts', '--no-fund', '--no-audit', '--no-progress', '--loglevel=error');
  endProgress();
  markInstalled();
}
const node = nodeFault();
if (node) {
  console.error(`darkroom: fetching Node from npm (${node}) …`);
  await npm('rebuild', 'node', '--no-progress', '--loglevel=error', '--foreground-scripts');
}
if (packages || node) {
  console.error(`darkroom: installed in ${Math.round((Date.now() - began) / 1000)} s.`);
}
