import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeNoteKey } from '../../../shared/images/erase/ledger/signed-note.ts';
import { isAlive, startOf } from '../processes.ts';
import { writeWhole } from '../../write-whole.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Where the local stack keeps everything: DARKROOM_HOME, or `.darkroom` beside package.json. */
export const defaultStateDir = (): string => resolve(process.env['DARKROOM_HOME'] ?? `${root}.darkroom`);

/**
 * Nobody else reads what is kept. Started by root, PostgreSQL runs as another account, which passes through the directory
 * to its own and sees nothing on the way.
 */
export const stateMode = process.getuid?.() === 0 ? 0o711 : 0o700;

/** Of all components but the database, which keeps its own. */
const componentFolders = ['azurite', 'event-hubs', 'identity', 'logs'] as const;

/** Nobody who may pass through the state directory and knows these names reads what is in them, nor what an older stack left. */
export function makeStateFolders(stateDir: string): void {
  mkdirSync(stateDir, { recursive: true });
  chmodSync(stateDir, stateMode);
  for (const name of componentFolders) {
    mkdirSync(`${stateDir}/${name}`, { recursive: true });
    chmodSync(`${stateDir}/${name}`, 0o700);
  }
}

export interface Secrets {
  /** Base64. */
  readonly storageKey: string;
  readonly eventHubsKey: string;
  readonly urlSigningKey: string;
  /** Opens the admin API of the functions host. */
  readonly hostMasterKey: string;
  /** Of the account that holds the ledger. */
  readonly ledgerStorageKey: string;
  /** What signs the ledger; a C2SP signed-note key. */
  readonly ledgerKey: string;
}

const newSecrets = (): Secrets => ({
  storageKey: randomBytes(64).toString('base64'),
  eventHubsKey: randomBytes(32).toString('base64'),
  urlSigningKey: randomBytes(32).toString('base64'),
  hostMasterKey: randomBytes(32).toString('base64url'),
  ledgerStorageKey: randomBytes(64).toString('base64'),
  ledgerKey: makeNoteKey('darkroom.localhost/ledger'),
});

/** Generated at the first start, and what a later version adds at its own, readable by their owner only. */
export function loadSecrets(stateDir: string): Secrets {
  const file = `${stateDir}/secrets.json`;
  const known = existsSync(file) ? readState<Partial<Secrets>>(file) : {};
  const secrets = { ...newSecrets(), ...known };
  if (Object.keys(known).length < Object.keys(secrets).length) {
    mkdirSync(stateDir, { recursive: true, mode: stateMode });
    writeWhole(file, JSON.stringify(secrets, null, 2));
  }
  return secrets;
}

/** What an older Darkroom left, which this one cannot read: the files of the database engine of before. */
const olderFiles = ['database/PG_VERSION'];

/** Throws a sentence that says what to do when the state is that of an older Darkroom. */
export function refuseOlderState(stateDir: string): void {
  const older = olderFiles.find((file) => existsSync(`${stateDir}/${file}`));
  if (older === undefined) return;
  throw new Error(
    `${stateDir}/${older} was written by an older Darkroom, whose databases this one does not read. ` +
      'Drop what is stored: npm start -- --fresh. Or keep it for later, and start elsewhere: DARKROOM_HOME=DIR npm start.',
  );
}

/** What a running stack tells of itself in `stack.json`, for the CLI. */
export interface StackRecord {
  readonly pid: number;
  /** Tells the process from a later one of its number; undefined where nothing does, and of a stack of an older version. */
  readonly processStart?: string;
  readonly startedAt: string;
  readonly api: string;
  readonly identity: string;
  readonly kafka: string;
  readonly hubs: string;
  /** Where services connect. */
  readonly database: string;
  /** Signs in as the owner, with the password. */
  readonly databaseOwner: string;
  /** Where `npx darkroom drill` asks, and what it shows there. */
  readonly control: { readonly address: string; readonly token: string };
  /** Connection string of the blob account. */
  readonly storage: string;
}

const recordFile = (stateDir: string) => `${stateDir}/stack.json`;

/** What a file of the state says; throws a sentence that says what to do where it is no longer whole. */
function readState<T>(file: string): T {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new Error(`${file} is not whole. Drop what is stored: npm start -- --fresh.`, { cause: error });
  }
}

/** What the last stack recorded; of a record that is not whole only that there was one. */
function readRecord(stateDir: string): Partial<StackRecord> {
  try {
    return readState<StackRecord>(recordFile(stateDir));
  } catch {
    return {};
  }
}

/** The stack that runs on this state directory now, if one does. */
export function runningStack(stateDir: string): StackRecord | undefined {
  if (!existsSync(recordFile(stateDir))) return undefined;
  const record = readRecord(stateDir);
  if (record.pid === undefined || !isAlive(record.pid)) return undefined;
  // Numbers of processes are used again. A stack of an older version, which may still run, does not say when it started.
  const { processStart = startOf(record.pid) } = record;
  return startOf(record.pid) === processStart ? (record as StackRecord) : undefined;
}

/** Whether the stack that last ran on this state directory ended without saying so. */
export const wasKilled = (stateDir: string): boolean =>
  existsSync(recordFile(stateDir)) && runningStack(stateDir) === undefined;

export function recordStack(stateDir: string, record: Omit<StackRecord, 'processStart'>): void {
  const processStart = startOf(record.pid);
  writeWhole(recordFile(stateDir), JSON.stringify({ ...record, processStart }, null, 2));
}

export function forgetStack(stateDir: string): void {
  rmSync(recordFile(stateDir), { force: true });
}
