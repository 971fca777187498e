import { z } from 'zod';
import { hasControlCharacters } from '../../shared/orders/spreadsheet-text.ts';
import { instant, money, moneyInput, weight, weightInput } from '../../shared/orders/schemas.ts';

const actor = z
  .string()
  .describe('Who: the object id of a person')
  .meta({ examples: ['4f9d3c1e-6a52-4a8f-9a3b-2f6f0c1d7e10'] });

export const productView = z
  .object({
    productId: z.int(),
    name: z.string().meta({ examples: ['Print 30×40, matte'] }),
    manufacturer: z.string().meta({ examples: ['Norrvik'] }),
    cost: money,
    weight,
    isActive: z.boolean(),
    createdAt: instant,
    createdBy: actor,
    changedAt: instant,
    changedBy: actor,
    retiredAt: instant.nullable(),
    retiredBy: actor.nullable(),
    etag: z
      .string()
      .describe('Send it as If-Match with a change')
      .meta({ examples: ['"7"'] }),
  })
  .meta({ id: 'Product' });

export type ProductView = z.infer<typeof productView>;

export const productSort = z.enum(['name', 'newest', 'cost', 'weight']).meta({ id: 'ProductSort' });
const text = z
  .string()
  .refine((name) => !hasControlCharacters(name), 'It has control characters, such as tabs or line breaks.')
  .trim()
  .min(1)
  .max(200)
  .meta({ examples: ['Print 30×40, matte'] });
export const productDetails = z
  .object({ name: text, manufacturer: text, cost: moneyInput, weight: weightInput })
  .meta({ id: 'ProductDetails' });

export const productVersion = productView
  .pick({
    ...{ name: true, manufacturer: true, cost: true, weight: true },
    ...{ isActive: true, changedAt: true, changedBy: true, etag: true },
  })
  .meta({ id: 'ProductVersion' });

/** A row of an import that adds or changes a product, as it was read. */
export const importedProduct = z.object({
  row: z.int().describe('Line of the file'),
  outcome: z.enum(['added', 'changed']),
  productId: z.int().nullable(),
  name: z.string(),
  manufacturer: z.string(),
  cost: money,
  weight,
  isActive: z.boolean().optional().describe('Where the file says it'),
  was: productView.nullable().describe('The product as it is; in a dry run only'),
});
