import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import Ajv, { type ErrorObject, type ValidateFunction } from 'ajv-draft-04';

const folder = fileURLToPath(new URL('../../../../shared/schemas/arm/', import.meta.url));

/** False in a clone without Microsoft's schemas beside it: tests that need them then count as skipped. */
export const haveSchemas = existsSync(folder);

interface Schema {
  readonly id: string;
  readonly [part: string]: unknown;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

/**
 * Two faults of the publisher's generator, both where a body has one of several forms: the common part forbids what
 * the forms bring (`allOf: [{additionalProperties: false}, {oneOf}]`), or takes every property for an object.
 */
function mend(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(mend);
  if (!isObject(schema)) return schema;
  const mended = Object.fromEntries(Object.entries(schema).map(([name, value]) => [name, mend(value)]));
  if (Array.isArray(mended['allOf'])) {
    mended['allOf'] = mended['allOf'].map((part: unknown) =>
      isObject(part) && part['additionalProperties'] === false
        ? { ...part, additionalProperties: true }
        : part,
    );
  }
  if ('oneOf' in mended && isObject(mended['properties']) && Object.keys(mended['properties']).length === 0) {
    delete mended['additionalProperties'];
  }
  return mended;
}

function load(): { ajv: Ajv.default; schemas: Map<string, Schema> } {
  const ajv = new Ajv.default({ strict: false, allErrors: true, validateFormats: false });
  const schemas = new Map<string, Schema>();
  for (const version of readdirSync(folder)) {
    for (const file of readdirSync(`${folder}${version}`)) {
      const schema = JSON.parse(readFileSync(`${folder}${version}/${file}`, 'utf8')) as Schema;
      const key = schema.id.replace(/#$/, '');
      ajv.addSchema({ ...(mend(schema) as object), id: key }, key);
      schemas.set(key, schema);
    }
  }
  return { ajv, schemas };
}

const sections = [
  'resourceDefinitions',
  'extension_resourceDefinitions',
  'subscription_resourceDefinitions',
  'tenant_resourceDefinitions',
];

let loaded: ReturnType<typeof load> | undefined;

/** The validator of a resource type at an API version; undefined when no schema describes it. */
export function schemaOf(type: string, version: string): ValidateFunction | undefined {
  loaded ??= load();
  const [provider, ...types] = type.split('/');
  const wanted = types.join('_').toLowerCase();
  for (const [key, schema] of loaded.schemas) {
    if (!key.includes(`/schemas/${version}/${provider ?? ''}`)) continue;
    for (const section of sections) {
      const definitions = (schema[section] ?? {}) as Record<string, unknown>;
      const name = Object.keys(definitions).find((one) => one.toLowerCase() === wanted);
      if (name !== undefined) return loaded.ajv.compile({ $ref: `${key}#/${section}/${name}` });
    }
  }
  return undefined;
}

/** The most telling errors: those deepest in the resource. */
export function explain(errors: readonly ErrorObject[] | null | undefined): string {
  const sorted = [...(errors ?? [])].sort((a, b) => b.instancePath.length - a.instancePath.length);
  return sorted
    .slice(0, 4)
    .map((one) => `${one.instancePath || '/'} ${one.message ?? ''} ${JSON.stringify(one.params)}`)
    .join('; ');
}
