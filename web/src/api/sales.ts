import { call, callJson } from './client.ts';

export interface Product {
  readonly productId: number;
  readonly name: string;
  readonly manufacturer: string;
  readonly cost: string;
  readonly weight: string;
  readonly isActive: boolean;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly changedAt: string;
  readonly changedBy: string;
  readonly retiredAt: string | null;
  readonly retiredBy: string | null;
  /** Goes back with a change, so that nobody's work is overwritten unseen. */
  readonly etag: string;
}

/** What a person may write; decimals as typed, for the API to judge. */
export interface ProductDetails {
  readonly name: string;
  readonly manufacturer: string;
  readonly cost: string;
  readonly weight: string;
}

export type ProductSort = 'name' | 'newest' | 'cost' | 'weight';

export interface ProductQuery {
  readonly search?: string;
  readonly active: 'true' | 'false' | 'all';
  readonly sort: ProductSort;
  readonly cursor?: string | undefined;
  readonly limit?: number;
}

export interface ProductPage {
  readonly products: readonly Product[];
  readonly next: string | null;
  readonly asOf: string;
}

export const listProducts = (query: ProductQuery, signal?: AbortSignal): Promise<ProductPage> =>
  callJson('/sales/products', { query: { ...query }, signal });

export const getProduct = (productId: number): Promise<Product> => callJson(`/sales/products/${productId}`);

export const addProduct = (details: ProductDetails): Promise<Product> =>
  callJson('/sales/products', { method: 'POST', json: details });

export const correctProduct = (
  productId: number,
  changes: Partial<ProductDetails>,
  etag: string,
): Promise<Product> =>
  callJson(`/sales/products/${productId}`, {
    method: 'PATCH',
    json: changes,
    headers: { 'if-match': etag },
  });

export const retireProduct = ({ productId, etag }: Product): Promise<Product> =>
  callJson(`/sales/products/${productId}`, { method: 'DELETE', headers: { 'if-match': etag } });

export const restoreProduct = ({ productId, etag }: Product): Promise<Product> =>
  callJson(`/sales/products/${productId}/restore`, { method: 'POST', headers: { 'if-match': etag } });

export interface ImportAnswer {
  readonly applied: boolean;
  readonly rows: number;
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly issues: readonly {
    readonly row: number;
    readonly column: string | null;
    readonly value: string | null;
    readonly reason: string | null;
  }[];
}

export const importProducts = (file: Blob, dryRun: boolean): Promise<ImportAnswer> =>
  callJson('/sales/products/import', {
    method: 'POST',
    query: { dryRun },
    body: file,
    headers: { 'content-type': 'text/csv' },
  });

export const exportProducts = (): Promise<Response> => call('/sales/products/export');
