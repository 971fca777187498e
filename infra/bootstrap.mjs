/**
 * Brings node_modules up to package-lock.json, with whatever Node and npm started it.
 *
 * Plain JavaScript, because it runs before anything is installed. Install scripts stay off (one dependency
 * of a dependency downloads a program that is not needed and may be refused) except for `node` itself.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const stamp = `${root}node_modules/.darkroom-installed`;
const wanted = createHash('sha256')
  .update(readFileSync(`${root}package-lock.json`))
  .digest('hex');
const complete = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted;

function npm(...args) {
  const { status, error } = spawnSync('npm', args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (status === 0) return;
  console.error(
    `\ndarkroom: "npm ${args.join(' ')}" failed${error ? `: ${error.message}` : ''}. The npm registry must be reachable; run the command again when it is.`,
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

if (!complete()) {
  const began = Date.now();
  console.error('darkroom: installing what is missing (a minute or two the first time) …');
  npm('ci', '--ignore-scripts', '--no-fund', '--no-audit', '--loglevel=error');
  console.error('darkroom: fetching Node 24 from npm …');
  npm('rebuild', 'node', '--loglevel=error', '--foreground-scripts');
  writeFileSync(stamp, wanted);
  console.error(`darkroom: installed in ${Math.round((Date.now() - began) / 1000)} s.`);
}
