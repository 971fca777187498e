import { callJson } from './client.ts';

export interface DayRange {
  readonly from: string;
  readonly to: string;
}

/** Who answered, and how far a replica is behind. */
export interface FigureSource {
  readonly kind: 'primary' | 'replica';
  readonly lagSeconds: number | null;
  readonly isConnected: boolean;
}

export interface Sums {
  readonly orders: number;
  readonly quantity: number;
  readonly totalPrice: string;
  readonly totalWeight: string;
}

export interface SalesRow extends Sums {
  readonly key: string;
  readonly label: string;
}

export type SalesBy = 'day' | 'product' | 'membership';

export interface SalesAnswer {
  readonly rows: readonly SalesRow[];
  readonly totals: Sums;
  readonly asOf: string;
  readonly source: FigureSource;
}

export interface MembershipRow {
  readonly day: string;
  readonly membership: string;
  readonly status: string;
  readonly members: number;
  readonly change: number;
}

export interface ImagesRow {
  readonly day: string;
  readonly source: string;
  readonly images: number;
  readonly processed: number;
  readonly rejected: number;
  readonly failed: number;
  readonly bytes: number;
}

interface Rows<T> {
  readonly rows: readonly T[];
  readonly asOf: string;
  readonly source: FigureSource;
}

export const analyseSales = (range: DayRange, by: SalesBy, signal?: AbortSignal): Promise<SalesAnswer> =>
  callJson('/analytics/sales', { query: { ...range, by }, signal });

export const analyseMembership = (range: DayRange, signal?: AbortSignal): Promise<Rows<MembershipRow>> =>
  callJson('/analytics/membership', { query: { ...range }, signal });

export const analyseImages = (range: DayRange, signal?: AbortSignal): Promise<Rows<ImagesRow>> =>
  callJson('/analytics/images', { query: { ...range }, signal });
