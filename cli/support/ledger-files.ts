import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { noteVerifier, type NoteVerifier } from '../../shared/images/erase/ledger/signed-note.ts';
import type { TileFiles } from '../../shared/images/erase/ledger/tiles.ts';
import { connect } from './connection.ts';

/** The public side of a log: what anybody may fetch, or has fetched into a folder. */
export interface PublicLog extends Pick<TileFiles, 'read'> {
  checkpoint(): Promise<string>;
  key(): Promise<string>;
}

async function required(log: Pick<TileFiles, 'read'>, path: string): Promise<string> {
  const file = await log.read(path);
  if (file === undefined) throw new Error(`The log has no ${path} yet.`);
  return file.toString();
}

const overHttp = (base: string): Pick<TileFiles, 'read'> => ({
  async read(path) {
    const response = await fetch(`${base}/${path}`);
    if (response.ok) return Buffer.from(await response.arrayBuffer());
    await response.body?.cancel();
    if (response.status === 404) return undefined;
    throw new Error(`${base}/${path} answered ${response.status}.`);
  },
});

const inFolder = (folder: string): Pick<TileFiles, 'read'> => ({
  read: async (path) => {
    try {
      return await readFile(join(folder, path));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  },
});

/** A folder, an address that ends in `/ledger`, or the log of the stack that runs here. */
export function openLog(source?: string): PublicLog {
  const isFolder = source !== undefined && existsSync(source);
  const base = source?.replace(/\/$/, '') ?? new URL('/api/ledger', connect().api).href;
  const files = isFolder ? inFolder(source) : overHttp(base);
  return { ...files, checkpoint: () => required(files, 'checkpoint'), key: () => required(files, 'key') };
}

/** A key as it is written, or in a file. */
export const keyOf = (text: string): NoteVerifier =>
  noteVerifier(existsSync(text) ? readFileSync(text, 'utf8') : text);
