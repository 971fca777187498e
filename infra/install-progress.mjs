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

/** A package is weighed when a few looks have found it, and again at the end: by then it is unpacked. */
const looksBefore = 4;

function makeLook(directory) {
  const began = Date.now();
  const names = lockedPackages(directory).map(([name]) => name);
  const looks = new Map();
  const bytes = new Map();
  return (isLast = false) => {
    const here = names.filter((name) => existsSync(`${directory}${name}/package.json`));
    for (const name of here) {
      looks.set(name, (looks.get(name) ?? 0) + 1);
      if (isLast || looks.get(name) === looksBefore) bytes.set(name, bytesIn(directory + name));
    }
    const sum = here.reduce((all, name) => all + (bytes.get(name) ?? 0), 0);
    const seconds = Math.round((Date.now() - began) / 1_000);
    return `  ${seconds} s: ${here.length} packages, ${Math.round(sum / 1e6)} MB`;
  };
}

/** Prints it, each second in the same line of a terminal, else every ten; answers what ends that. */
export function showProgress(directory = root, out = process.stderr) {
  const look = makeLook(directory);
  const before = out.isTTY ? '\r\x1b[K' : '';
  const timer = setInterval(
    () => out.write(`${before}${look()}${out.isTTY ? '' : '\n'}`),
    out.isTTY ? 1_000 : 10_000,
  );
  return () => {
    clearInterval(timer);
    out.write(`${before}${look(true)}\n`);
  };
}
