import type { Database } from '../../../database/port.ts';
import { slices } from '../../../platform/slices.ts';
import { openCheckpoint } from './checkpoint-note.ts';
import { isSignedLeaf, leafOf, type LedgerEntry } from './leaf.ts';
import { checkpointFolder, type LedgerStore } from './ledger-store.ts';
import { growingTree } from './merkle.ts';
import type { NoteVerifier } from './signed-note.ts';

export interface LedgerFault {
  readonly code:
    | 'unordered'
    | 'another-root'
    | 'cut-off'
    | 'bad-checkpoint'
    | 'unsigned'
    | 'never-received'
    | 'erased-but-here'
    | 'lost';
  /** Of the entry, or the size of the checkpoint. */
  readonly at: number | undefined;
  readonly message: string;
}

export interface LedgerVerification {
  readonly entries: number;
  readonly checkpoints: number;
  /** The newest checkpoint. */
  readonly checkpoint: string | undefined;
  /** The first hundred. */
  readonly faults: readonly LedgerFault[];
}

/** An image that is here, as the ledger knows it. */
export interface LivingImage {
  readonly commitment: string;
  readonly image_digest: string;
}

const maxFaults = 100;

/** Holds the entries of a database against signed checkpoints that it cannot change, and against the images themselves. */
export function makeLedgerCheck(notes: readonly string[], verifier: NoteVerifier) {
  const faults: LedgerFault[] = [];
  const add = (code: LedgerFault['code'], at: number | undefined, message: string): void => {
    if (faults.length < maxFaults) faults.push({ code, at, message });
  };
  const heads = notes
    .flatMap((note) => {
      try {
        return [{ note, ...openCheckpoint(note, verifier) }];
      } catch (error) {
        add('bad-checkpoint', undefined, (error as Error).message);
        return [];
      }
    })
    .sort((left, right) => left.size - right.size);
  const tree = growingTree();
  /** Received and not erased: entries by commitment. */
  const open = new Map<string, number>();
  const neverReceived = new Set<string>();
  const erased = new Set<string>();
  let [size, entries, last, checked, isTail] = [0, 0, 0, 0, false];

  const compare = (): void => {
    for (; checked < heads.length && heads[checked]!.size === size; checked += 1) {
      if (heads[checked]!.root.equals(tree.root())) continue;
      add('another-root', size, `The first ${size} entries are not those of the checkpoint of that size.`);
    }
  };
  compare();

  return {
    /** In the order of `entry`. */
    take(entry: LedgerEntry): void {
      entries += 1;
      const leaf = leafOf(entry);
      if (entry.leaf_index === null) isTail = true;
      else if (entry.leaf_index !== size || isTail || entry.entry <= last) {
        add('unordered', entry.entry, 'An entry is missing, added, or out of its order.');
      }
      last = entry.entry;
      if (entry.leaf_index !== null) {
        tree.add(Buffer.from(leaf));
        size += 1;
        compare();
      }
      if (entry.kind === 'received') {
        if (open.has(entry.commitment)) add('unordered', entry.entry, 'An image was received twice.');
        open.set(entry.commitment, entry.entry);
        return;
      }
      if (!isSignedLeaf(leaf, entry.signature ?? '', verifier)) {
        add('unsigned', entry.entry, 'An erasure was added by something that has not the key of the ledger.');
      }
      if (erased.has(entry.image_digest!)) add('unordered', entry.entry, 'An image was erased twice.');
      open.delete(entry.commitment);
      erased.add(entry.image_digest!);
    },
    living(image: LivingImage): void {
      if (erased.has(image.image_digest)) {
        add('erased-but-here', undefined, 'An image is here that the ledger says was erased.');
      } else if (!open.delete(image.commitment)) {
        neverReceived.add(image.commitment);
      }
    },
    /** What came, or went, while this was read; to be looked up once more. */
    suspects: (): readonly string[] => [...open.keys(), ...neverReceived],
    result(explained: ReadonlySet<string> = new Set()): LedgerVerification {
      for (const head of heads.slice(checked)) {
        add('cut-off', head.size, `A checkpoint has ${head.size} entries; there are ${size}.`);
      }
      for (const [commitment, entry] of open) {
        if (explained.has(commitment)) continue;
        add('lost', entry, 'An image that was received is neither here nor erased.');
      }
      for (const commitment of neverReceived) {
        if (explained.has(commitment)) continue;
        add('never-received', undefined, 'An image is here that the ledger never received.');
      }
      return { entries, checkpoints: heads.length, checkpoint: heads.at(-1)?.note, faults };
    },
  };
}

const role = 'operations';

/** Images come and go while the check runs: of what looks wrong, this is what another look explains. */
async function explainedBy(database: Database, check: ReturnType<typeof makeLedgerCheck>) {
  const explained = new Set<string>();
  for (const value of slices(check.suspects(), 500)) {
    const where = [{ column: 'commitment', operator: 'in', value }] as const;
    const entries = await database.query(role, 'ledger', { where });
    const here = new Set((await database.query(role, 'commitments', { where })).map((row) => row.commitment));
    for (const [commitment, own] of Map.groupBy(entries, (entry) => entry.commitment)) {
      const isReceived = own.some(({ kind }) => kind === 'received');
      const isErased = own.some(({ kind }) => kind !== 'received');
      if (isReceived && isErased !== here.has(commitment)) explained.add(commitment);
    }
  }
  return explained;
}

export interface VerifyDependencies {
  readonly database: Database;
  readonly store: LedgerStore;
  readonly verifier: NoteVerifier;
}

/** The newest holds for all entries before it, so no other is needed. */
async function newestCheckpoint(store: LedgerStore): Promise<string | undefined> {
  let newest: string | undefined;
  for await (const path of store.list(checkpointFolder))
    if (newest === undefined || path > newest) newest = path;
  return newest && (await store.read(newest))?.toString();
}

/** Whether the database's ledger is what the checkpoints say, and says of each image what is true. */
export async function verifyLedger(
  { database, store, verifier }: VerifyDependencies,
  against: readonly string[] = [],
): Promise<LedgerVerification> {
  const newest = await newestCheckpoint(store);
  const check = makeLedgerCheck([...(newest === undefined ? [] : [newest]), ...against], verifier);
  for await (const batch of database.stream(role, 'ledger', { orderBy: [['entry', 'asc']] })) {
    for (const entry of batch) check.take(entry);
  }
  for await (const batch of database.stream(role, 'commitments'))
    for (const image of batch) check.living(image);
  return check.result(await explainedBy(database, check));
}
