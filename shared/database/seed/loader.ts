import type { SeedMember, SeedProduct, SeedTransaction } from './generate.ts';

export interface FirstIds {
  readonly members: number;
  readonly products: number;
  readonly transactions: number;
}

/** Puts generated rows into an engine, as the owner of the tables, in sets. */
export interface SeedLoader {
  /** Keeps so many ids free for the seed, and answers the first of each. */
  reserve(counts: FirstIds): Promise<FirstIds>;
  products(rows: readonly SeedProduct[]): Promise<void>;
  members(rows: readonly SeedMember[]): Promise<void>;
  transactions(rows: readonly SeedTransaction[]): Promise<void>;
  /** Figures for the planner, triggers back on. */
  finish(): Promise<void>;
  close(): Promise<void>;
}

export const actor = 'service:seed';
