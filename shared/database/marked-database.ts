import type { Database } from './port.ts';

type Given = Readonly<Record<string, unknown>>;

const always = (): boolean => true;

/**
 * Procedures after which no timer has anything to do: they read, or note how far a timer came. Every other one leaves a mark,
 * so that one that is added later is not forgotten.
 */
const leavesNoWork: Readonly<Record<string, (given: Given) => boolean>> = {
  'analytics.product_totals': always,
  'analytics.membership_totals': always,
  'warehouse.record_export': always,
  'storage_writer.sequence_ledger': always,
  'storage_writer.record_checkpoint': always,
  'storage_writer.forget_dead_letter_payloads': always,
  'storage_writer.forget_expired_dead_letters': always,
  // Who sends outcomes may end, and somebody else has to go on.
  'storage_writer.take_outcomes': ({ sent }) => Array.isArray(sent) && sent.length === 0,
};

/** A database whose changes are known without asking it: `mark` comes before each of them. */
export function markedDatabase(database: Database, mark: () => Promise<void>): Database {
  return {
    query: (role, view, filter) => database.query(role, view, filter),
    stream: (role, view, filter) => database.stream(role, view, filter),
    freshness: (role) => database.freshness(role),
    close: () => database.close(),
    async execute(role, procedure, parameters, context) {
      const isQuiet = leavesNoWork[`${role}.${procedure}`]?.(parameters) ?? false;
      if (!isQuiet) await mark();
      return database.execute(role, procedure, parameters, context);
    },
  };
}

/** For a test that holds the list against the catalogue. */
export const quietProcedures: readonly string[] = Object.keys(leavesNoWork);
