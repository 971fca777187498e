import { keptDays } from '../../../shared/operations/lag/lag-log.ts';
import { imageLifetimeDays } from '../../../shared/platform/retention.ts';
import { hubs, retentionHours, type Hub } from '../../../shared/stream/hubs.ts';

/** Why a part of the state does not grow for ever, or how much of it stays for ever. */
export type Rule =
  /** What came in so many hours, and no more; `times`, when it comes again with the end of what came. */
  | { readonly kind: 'retained'; readonly hours: number; readonly times?: number }
  /** So many bytes stay for ever with each of what is counted: docs/scaling.md has the same numbers. */
  | { readonly kind: 'kept'; readonly bytesOf: Readonly<Partial<Record<Count, number>>> }
  /** As much as there is of something else, and what it had beside that at first; `bytes` more. */
  | { readonly kind: 'beside'; readonly of: string; readonly bytes: number }
  /** What it had at first. */
  | { readonly kind: 'fixed' }
  /** Never more than this. */
  | { readonly kind: 'limit'; readonly bytes: number };

/** What is counted in the database: entries of the ledger, its checkpoints, orders, entries of audits; and days of the clock. */
export const counts = {
  entries: 'imaging.ledger',
  checkpoints: 'imaging.ledger_checkpoints',
  orders: 'orders.transactions',
  replays: 'imaging.replays',
  requests: 'orders.person_requests',
} as const;
export type Count = keyof typeof counts | 'days';

const kilobyte = 1_024;
const megabyte = 1_024 * kilobyte;
const lifetime = imageLifetimeDays * 24;

/** A table and each of its indexes grow by pages, and a vacuum comes after some rows; a blob and a file grow by what is in them. */
export const slackOf = (part: string): number => (part.startsWith('table ') ? 96 : 8) * kilobyte;

const kept = (bytesOf: Extract<Rule, { kind: 'kept' }>['bytesOf']): Rule => ({ kind: 'kept', bytesOf });
const retained = (hours: number) => ({ kind: 'retained', hours }) as const;

const tables: Readonly<Record<string, Rule>> = {
  'imaging.images': retained(lifetime),
  'imaging.image_variants': retained(lifetime),
  'imaging.image_facts': retained(lifetime),
  'imaging.image_events': retained(lifetime),
  'imaging.dead_letters': retained(lifetime),
  'imaging.ledger': kept({ entries: 900 }),
  'imaging.ledger_leaves': kept({ entries: 120 }),
  'imaging.ledger_checkpoints': kept({ checkpoints: 700 }),
  'imaging.replays': kept({ replays: 400 }),
  'orders.person_requests': kept({ requests: 400 }),
  'orders.transactions': kept({ orders: 900 }),
  'orders.transaction_items': kept({ orders: 400 }),
  'orders.history': kept({ orders: 4_000 }),
};

const blobs: Readonly<Record<string, Rule>> = {
  raw: retained(lifetime),
  // Of uploads that nobody finishes; those of incomplete sets go within a quarter of an hour.
  'raw, not committed': retained(38),
  processed: retained(lifetime),
  'dead-letters': retained(lifetime),
  // An upload ends after a day, its blocks at the sweep that sees them twice.
  uploads: retained(36),
  // The lag is noted every minute of the real time.
  operations: { kind: 'limit', bytes: (keptDays + 2) * 24 * 60 * kilobyte },
  lake: kept({ orders: 400, days: 8 * kilobyte }),
  // With each checkpoint the last bundle of 256 entries and its hashes again.
  ledger: kept({ entries: 400, checkpoints: 60 * kilobyte }),
};

/** PostgreSQL's own settings; `walBytes` is what they allow its log. */
export const ruleOf = (part: string, walBytes: number, components: number): Rule => {
  const [kind, name] = [part.split(' ')[0], part.slice(part.indexOf(' ') + 1)];
  if (kind === 'table') return tables[name] ?? { kind: 'fixed' };
  // A sender is told when an image is processed, and when it is erased.
  if (name === hubs.outcomes) return { ...retained(retentionHours[hubs.outcomes]), times: 2 };
  if (kind === 'hub') return retained(retentionHours[name as Hub]);
  if (kind === 'blobs') return blobs[name] ?? { kind: 'fixed' };
  if (part.startsWith('log of database')) return { kind: 'limit', bytes: walBytes };
  // Beside them its catalogue, the databases that it makes others from, and the states of transactions.
  if (part.startsWith('files of database')) return { kind: 'beside', of: 'tables', bytes: 2 * megabyte };
  // Beside them what was written over within a second of its own time.
  if (part === 'files of blobs') return { kind: 'beside', of: 'blobs', bytes: megabyte / 2 };
  if (part === 'index of blobs') return { kind: 'beside', of: 'documents', bytes: megabyte };
  // A log of each component, and the one before it: infra/local/supervisor/log-file.ts.
  if (part === 'logs') return { kind: 'limit', bytes: components * 2 * 10 * megabyte };
  return { kind: 'fixed' };
};
