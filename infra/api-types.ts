/**
 * Writes client/api-types.ts, the types of the API, from the schemas of its routes. With `--check` it writes nothing
 * and ends with code 1 when the file is not what the routes say.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import openapiTS, { astToString } from 'openapi-typescript';
import { allRoutes } from '../functions/all-routes.ts';
import { openApiDocument } from '../shared/platform/http/openapi.ts';

export const apiTypesFile = fileURLToPath(new URL('../client/api-types.ts', import.meta.url));

const head = `/**
 * The types of the API: written by \`npm run api:types\` from the schemas of the routes. Do not edit.
 */
`;

/** The text that client/api-types.ts must have. */
export async function renderApiTypes(): Promise<string> {
  const document = openApiDocument(await allRoutes(), { version: '1', server: '/api', issuer: 'the issuer' });
  const nodes = await openapiTS(JSON.stringify(document), {
    alphabetize: true,
    // A default is what the server fills in: a client may leave it out.
    defaultNonNullable: false,
    rootTypes: true,
    rootTypesNoSchemaPrefix: true,
  });
  return head + astToString(nodes);
}

if (import.meta.main) {
  const text = await renderApiTypes();
  if (!process.argv.includes('--check')) writeFileSync(apiTypesFile, text);
  else if (readFileSync(apiTypesFile, 'utf8') !== text) {
    console.error('client/api-types.ts is not what the routes say: run "npm run api:types" and commit it.');
    process.exitCode = 1;
  }
}
