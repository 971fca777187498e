import { z } from 'zod';
import { asOf, numericId, paging } from '../../shared/orders/schemas.ts';
import { defineRoute } from '../../shared/platform/http/define-route.ts';
import { importedProduct, productDetails, productSort, productVersion, productView } from './schemas.ts';

const seen = { 'if-match': 'The etag of the product as you read it' } as const;
const parameters = z.object({ id: numericId });
const shared = { roles: ['Sales'] } as const;
const changed = {
  200: { description: 'The product', schema: productView },
  404: { description: 'No such product' },
  412: { description: 'Somebody changed it since you read it' },
} as const;

export const listProductsRoute = defineRoute({
  ...shared,
  name: 'listProducts',
  method: 'GET',
  path: '/sales/products',
  summary: 'Products, retired ones too unless told otherwise',
  query: z.object({
    ...paging,
    active: z.enum(['true', 'false', 'all']).default('all'),
    search: z.string().trim().max(100).optional().describe('A part of the name or the manufacturer'),
    sort: productSort.default('name'),
  }),
  responses: {
    200: {
      description: 'A page of products',
      schema: z
        .object({ products: z.array(productView), next: z.string().nullable(), asOf })
        .meta({ id: 'ProductPage' }),
    },
  },
});

export const getProductRoute = defineRoute({
  ...shared,
  name: 'getProduct',
  method: 'GET',
  path: '/sales/products/{id}',
  summary: 'A product, with its etag',
  parameters,
  responses: { 200: changed[200], 404: changed[404] },
});

export const productHistoryRoute = defineRoute({
  ...shared,
  name: 'productHistory',
  method: 'GET',
  path: '/sales/products/{id}/history',
  summary:
    'What a product was: the latest 200 versions, the present one first, each with who made it and when',
  parameters,
  responses: {
    200: {
      description: 'The versions',
      schema: z.object({ versions: z.array(productVersion), asOf }).meta({ id: 'ProductHistory' }),
    },
    404: changed[404],
  },
});

export const addProductRoute = defineRoute({
  ...shared,
  name: 'addProduct',
  method: 'POST',
  path: '/sales/products',
  summary: 'Add a product',
  body: productDetails,
  responses: {
    201: { description: 'The product', schema: productView },
    409: { description: 'The manufacturer has a product of this name' },
  },
});

export const correctProductRoute = defineRoute({
  ...shared,
  name: 'correctProduct',
  method: 'PATCH',
  path: '/sales/products/{id}',
  summary: 'Correct details of a product; what was sold keeps the price and weight it had',
  parameters,
  requestHeaders: seen,
  body: productDetails.partial().meta({ id: 'ProductChanges' }),
  responses: {
    ...changed,
    409: { description: 'It is retired, or the name is taken' },
    428: { description: 'If-Match is missing' },
  },
});

export const retireProductRoute = defineRoute({
  ...shared,
  name: 'retireProduct',
  method: 'DELETE',
  path: '/sales/products/{id}',
  summary: 'Retire a product: it is no longer sold, and nothing is deleted',
  parameters,
  requestHeaders: seen,
  responses: changed,
});

export const restoreProductRoute = defineRoute({
  ...shared,
  name: 'restoreProduct',
  method: 'POST',
  path: '/sales/products/{id}/restore',
  summary: 'Sell a retired product again',
  parameters,
  requestHeaders: seen,
  responses: changed,
});

export const importProductsRoute = defineRoute({
  ...shared,
  name: 'importProducts',
  method: 'POST',
  path: '/sales/products/import',
  summary:
    'Add and correct products from CSV, all rows or none; beside productId a column that is missing stays as it is',
  query: z.object({
    dryRun: z.enum(['true', 'false']).default('false').describe('Say only what it would do'),
    decimals: z
      .enum(['point', 'comma'])
      .optional()
      .describe(
        'What decimals have in numbers such as 1.250; without it such a number is refused unless others show it',
      ),
  }),
  consumes: ['text/csv'],
  example: 'name,manufacturer,cost,weight\nTripod,Kolm,49.90,1.200\n"Lens, wide",Kolm,199,0.4\n',
  responses: {
    200: {
      description: 'What was done, or would be',
      schema: z
        .object({
          applied: z.boolean(),
          rows: z.int(),
          added: z.int(),
          changed: z.int(),
          unchanged: z.int(),
          changes: z.array(importedProduct),
          issues: z.array(
            z.object({
              row: z.int(),
              column: z.string().nullable(),
              value: z.string().nullable(),
              reason: z.string().nullable(),
            }),
          ),
          asOf,
        })
        .meta({ id: 'ProductImport' }),
    },
    413: { description: 'More rows or bytes than one file may have' },
    422: {
      description: 'Rows are not valid, or name an etag that is no longer the product’s; nothing was changed',
    },
  },
});

export const exportProductsRoute = defineRoute({
  ...shared,
  name: 'exportProducts',
  method: 'GET',
  path: '/sales/products/export',
  summary: 'All products as CSV, which the import takes back; its first line says role, time and row count',
  responses: {
    200: {
      description: 'The file',
      contentTypes: ['text/csv'],
      example:
        '# role: sales; as of: 2026-01-05T10:00:00.000Z; rows: 1 of 1\nproductId,name,manufacturer,cost,weight,isActive\n1,Tripod,Kolm,49.9000,1.200,true\n',
    },
  },
});
