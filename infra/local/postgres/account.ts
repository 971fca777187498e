import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** PostgreSQL refuses to run as root: then it runs as the user without rights. */
export const runsAsRoot = process.getuid?.() === 0;
const nobody = 65_534;
export const account = runsAsRoot ? { uid: nobody, gid: nobody } : {};

/** Whether users other than the owner can reach the path: each directory on the way lets them pass. */
export function isOpenToOthers(path: string): boolean {
  const directory = resolve(path);
  if ((statSync(directory).mode & 0o001) === 0) return false;
  const parent = dirname(directory);
  return parent === directory || isOpenToOthers(parent);
}

export function giveToAccount(path: string): void {
  if (runsAsRoot) chownSync(path, nobody, nobody);
}

/**
 * The folder for the data directories of a state directory. When root's state lies where nobody else can reach it
 * (below /root), the folder is a link to one in /var/tmp.
 */
export function postgresFolder(stateDir: string): string {
  const folder = join(stateDir, 'postgres');
  if (existsSync(folder)) return realpathSync(folder);
  mkdirSync(stateDir, { recursive: true });
  if (runsAsRoot) chmodSync(stateDir, statSync(stateDir).mode | 0o011);
  try {
    if (runsAsRoot && !isOpenToOthers(stateDir)) {
      const elsewhere = mkdtempSync('/var/tmp/darkroom-');
      chmodSync(elsewhere, 0o711);
      symlinkSync(elsewhere, folder);
    } else {
      mkdirSync(folder, { mode: 0o711 });
    }
  } catch (error) {
    // Another component of the same stack was first.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return realpathSync(folder);
}

/** Removes that folder with what it links to. */
export function dropPostgresFolder(stateDir: string): void {
  const folder = join(stateDir, 'postgres');
  if (!existsSync(folder)) return;
  if (lstatSync(folder).isSymbolicLink()) rmSync(realpathSync(folder), { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
}
