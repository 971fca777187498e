/** Says how far an installation is while npm is silent about it. Plain JavaScript, as what it is for. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { clearInterval, setInterval } from 'node:timers';
import { lockedPackages, root } from './installation.mjs';

/** Of a package without those that are installed within it; 0 while it is being moved. */
function bytesIn(folder) {
  try {
    return readdirSync(folder, { withFileTypes: true }).reduce((sum, entry) => {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) return entry.name === 'node_modules' ? sum : sum + bytesIn(path);
      return entry.isFile() ? sum + statSync(path).size : sum;
    }, 0);
  } catch {
    return 0;
  }
}

/** What is there by now. A package is weighed once, at the second look that finds it: by then it is unpacked. */
function makeLook(directory) {
  const names = lockedPackages(directory).map(([name]) => name);
  const seen = new Set();
  const bytes = new Map();
  return () => {
    const here = names.filter((name) => existsSync(`${directory}${name}/package.json`));
    for (const name of here) {
      if (seen.has(name) && !bytes.has(name)) bytes.set(name, bytesIn(directory + name));
      seen.add(name);
    }
    const sum = here.reduce((all, name) => all + (bytes.get(name) ?? 0), 0);
    return `${here.length} packages, ${Math.round(sum / 1e6)} MB`;
  };
}

/** Prints it, each second in the same line of a terminal, else every ten; answers what ends that. */
export function showProgress(directory = root, out = process.stderr) {
  const look = makeLook(directory);
  const show = () => out.write(out.isTTY ? `\r\x1b[K  ${look()}` : `  ${look()}\n`);
  const timer = setInterval(show, out.isTTY ? 1_000 : 10_000);
  return () => {
    clearInterval(timer);
    look();
    show();
    if (out.isTTY) out.write('\n');
  };
}
