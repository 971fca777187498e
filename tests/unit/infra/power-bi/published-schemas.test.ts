import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import { jsonFiles, readFiles } from './support/project.ts';
import { suiteUnless } from '../../../support/skip-unless.ts';

const published = fileURLToPath(new URL('../../../../../shared/schemas/fabric/', import.meta.url));
const suite = suiteUnless(existsSync(published) ? undefined : 'no published schemas beside the project');
const files = jsonFiles(readFiles());

/** Knows Microsoft's schemas by their addresses. */
function makeValidator(): Ajv {
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
  const names = readdirSync(published, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.json'),
  );
  for (const name of names) {
    const $id = `https://developer.microsoft.com/json-schemas/fabric/${relative(published, join(published, name))}`;
    ajv.addSchema({ ...(JSON.parse(readFileSync(join(published, name), 'utf8')) as object), $id }, $id);
  }
  return ajv;
}

const faultsOf = (ajv: Ajv, value: unknown) => {
  const validate = ajv.getSchema((value as { $schema: string }).$schema);
  if (validate === undefined) return ['no such schema'];
  void validate(value);
  return validate.errors ?? [];
};

suite("Microsoft's schemas of Power BI projects (../shared/schemas, absent in a clone of its own)", () => {
  test('every JSON file passes the one that it names', () => {
    const ajv = makeValidator();
    expect(files.length).toBeGreaterThan(25);
    expect(files.map(([path, value]) => [path, faultsOf(ajv, value)])).toEqual(
      files.map(([path]) => [path, []]),
    );
  });

  test('a property that there is not does not pass', () => {
    const [, page] = files.find(([path]) => path.endsWith('page.json'))!;
    expect(faultsOf(makeValidator(), { ...(page as object), wdith: 5 })).not.toEqual([]);
  });
});
