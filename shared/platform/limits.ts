import { z } from 'zod';

/**
 * The longest name of whoever owns an image or acts, in UTF-16 units, as JavaScript and SQL Server count. The SQL of both
 * engines has it too; a test holds them together.
 */
export const maxOwnerUnits = 256;

/** The longest id that a sender gives: `ce_id`, `chunk-id`, Idempotency-Key. In the same units. */
export const maxSenderIdUnits = 256;

/** The longest other attribute of a CloudEvent, such as `source`. In the same units. */
export const maxAttributeUnits = 1_024;

/** A text of at most so many units: zod, as JSON Schema, counts characters, of which one can have two. */
export const textOfUnits = (maximum: number) =>
  z
    .string()
    .max(maximum)
    .refine(({ length }) => length <= maximum, `Too big: at most ${maximum} UTF-16 units`);
