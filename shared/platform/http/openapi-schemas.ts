import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';

export type Json = Record<string, unknown>;

/** The schema as it stands in the document: a reference when it has a name, else written out. */
export type SchemaWriter = (schema: z.ZodType, io: 'input' | 'output') => Json;

const referTo = (id: string) => `#/components/schemas/${id}`;

/** In an array a schema with a name is referred to; at the root it would be written out. */
function convert(schema: z.ZodType, io: 'input' | 'output'): { items: Json; $defs?: Record<string, Json> } {
  const converted = z.toJSONSchema(z.array(schema), { io, unrepresentable: 'any', reused: 'inline' });
  const text = JSON.stringify(converted)
    .replaceAll('"#/$defs/', `"${referTo('')}`)
    // What every safe integer is says nothing about this one.
    .replaceAll(`,"minimum":${Number.MIN_SAFE_INTEGER}`, '')
    .replaceAll(`,"maximum":${Number.MAX_SAFE_INTEGER}`, '');
  return JSON.parse(text) as { items: Json };
}

/**
 * Writes zod schemas as JSON Schema 2020-12, which OpenAPI 3.1 uses as it is. Schemas with a name (`.meta({ id })`)
 * are collected in `schemas`. Throws when one name stands for two things.
 */
export function makeSchemaWriter(): { write: SchemaWriter; schemas: Readonly<Record<string, Json>> } {
  const schemas: Record<string, Json> = {};
  const write: SchemaWriter = (schema, io) => {
    const { items, $defs = {} } = convert(schema, io);
    for (const [id, definition] of Object.entries($defs)) {
      if (!isDeepStrictEqual((schemas[id] ??= definition), definition)) {
        throw new Error(`Two schemas have the name ${id}.`);
      }
    }
    return items;
  };
  return { write, schemas };
}
