import { describe, expect, test } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { lakeSchema } from '../../../../shared/lake/schema.ts';

const project = fileURLToPath(new URL('../../../../infra/power-bi/', import.meta.url));
const published = fileURLToPath(new URL('../../../../../shared/schemas/fabric/', import.meta.url));
const address = 'https://developer.microsoft.com/json-schemas/fabric/';

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

const files = filesIn(project).filter((file) => !file.endsWith('.ts'));
const jsonFiles = files.filter((file) => !file.endsWith('.tmdl') && !file.endsWith('.md'));
const name = (file: string) => relative(project, file);

/** What the TMDL files name, read from their text. */
interface Model {
  columns: Map<string, string[]>;
  measures: Map<string, string[]>;
  items: Map<string, string>;
}

const unquoted = (text: string) => text.replace(/^'|'$/g, '').replaceAll("''", "'");

function readModel(): Model {
  const model: Model = { columns: new Map(), measures: new Map(), items: new Map() };
  for (const file of files.filter((path) => path.includes('/tables/'))) {
    const text = readFileSync(file, 'utf8');
    const table = /^table (.+)$/m.exec(text)![1]!;
    model.columns.set(
      table,
      [...text.matchAll(/^\tcolumn (.+)$/gm)].map(([, column]) => unquoted(column!)),
    );
    model.measures.set(
      table,
      [...text.matchAll(/^\tmeasure ('[^=]+'|\w+) =/gm)].map(([, measure]) => unquoted(measure!)),
    );
    model.items.set(table, /Item="(\w+)"/.exec(text)?.[1] ?? '');
  }
  return model;
}
const model = readModel();

describe('every JSON file of the Power BI project', () => {
  const fabric = existsSync(published);
  const validator = () => {
    const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
    for (const file of filesIn(published).filter((path) => path.endsWith('.json'))) {
      const schema = JSON.parse(readFileSync(file, 'utf8')) as { $id?: string };
      const id = `${address}${relative(published, file)}`;
      ajv.addSchema({ ...schema, $id: id }, id);
    }
    return ajv;
  };

  (fabric ? test : test.skip)("passes Microsoft's published schema", () => {
    const ajv = validator();
    expect(jsonFiles.length).toBeGreaterThan(25);
    for (const file of jsonFiles) {
      const value = JSON.parse(readFileSync(file, 'utf8')) as { $schema: string };
      const validate = ajv.getSchema(value.$schema);
      expect([name(file), value.$schema, validate === undefined]).toEqual([name(file), value.$schema, false]);
      void validate!(value);
      expect([name(file), validate!.errors ?? []]).toEqual([name(file), []]);
    }
  });

  (fabric ? test : test.skip)('would not pass with a property that there is not', () => {
    const ajv = validator();
    const page = jsonFiles.find((file) => file.endsWith('page.json'))!;
    const value = JSON.parse(readFileSync(page, 'utf8')) as { $schema: string };
    expect(ajv.getSchema(value.$schema)!({ ...value, wdith: 5 })).toBe(false);
  });
});

describe('the semantic model', () => {
  test('names only columns that the views have', () => {
    for (const [table, columns] of model.columns) {
      if (table === 'refresh') continue;
      const view = lakeSchema[model.items.get(table) as keyof typeof lakeSchema];
      expect(columns.length).toBeGreaterThan(3);
      for (const column of columns) expect(Object.keys(view.columns)).toContain(column);
    }
  });

  test('says every column as the view of the same name has it', () => {
    for (const file of files.filter((path) => path.includes('/tables/'))) {
      const text = readFileSync(file, 'utf8');
      for (const [, column, body] of text.matchAll(/^\tcolumn (\w+)\n((?:\t\t.*\n)+)/gm)) {
        expect(body).toContain(`sourceColumn: ${column}\n`);
        expect(body).toContain('dataType: ');
      }
    }
  });

  test('has a description and a format for every measure', () => {
    for (const file of files.filter((path) => path.includes('/tables/'))) {
      const lines = readFileSync(file, 'utf8').split('\n');
      lines.forEach((line, index) => {
        if (!/^\t(measure|column) /.test(line)) return;
        expect(lines[index - 1]).toMatch(/^\t\/\/\/ \S/);
        if (line.startsWith('\tmeasure')) expect(lines[index + 1]).toMatch(/^\t\tformatString: \S/);
      });
    }
  });

  test('calculates with tables, columns and measures that there are', () => {
    const allMeasures = [...model.measures.values()].flat();
    for (const file of files.filter((path) => /\/(tables|roles)\//.test(path))) {
      const text = readFileSync(file, 'utf8');
      for (const [, dax] of text.matchAll(/^\t(?:measure [^=]+|tablePermission \w+) = (.+)$/gm)) {
        for (const [, table, column] of dax!.matchAll(/\b(\w+)\[(\w+)\]/g)) {
          expect([dax, model.columns.get(table!)]).toEqual([dax, expect.arrayContaining([column])]);
        }
        for (const [, measure] of dax!.matchAll(/(?<!\w)\[([^\]]+)\]/g)) {
          const own = /^\ttablePermission (\w+) = /m.exec(text)?.[1];
          const known = own === undefined ? allMeasures : [...allMeasures, ...model.columns.get(own)!];
          expect(known).toContain(measure);
        }
      }
    }
  });

  test('relates columns that there are, to a column that tells rows apart', () => {
    const text = readFileSync(join(project, 'Darkroom.SemanticModel/definition/relationships.tmdl'), 'utf8');
    const ends = [...text.matchAll(/^\t(from|to)Column: (\w+)\.(\w+)$/gm)];
    expect(ends.length).toBeGreaterThanOrEqual(10);
    for (const [, , table, column] of ends) expect(model.columns.get(table!)).toContain(column);
    for (const [, end, table, column] of ends) {
      if (end === 'to')
        expect(['dim_date.day', 'dim_product.product_key', 'dim_member.member_key']).toContain(
          `${table}.${column}`,
        );
    }
  });

  test('asks the view for its own columns and no others, and takes decimals as exact ones', () => {
    for (const file of files.filter((path) => path.includes('/tables/'))) {
      const text = readFileSync(file, 'utf8');
      const table = /^table (.+)$/m.exec(text)![1]!;
      const view = lakeSchema[model.items.get(table) as keyof typeof lakeSchema];
      if (table === 'refresh') continue;
      const [, chosen] = /Table\.SelectColumns\(\w+, \{(.+?)\}\)/.exec(text)!;
      expect(chosen!.split(', ').map((column) => column.slice(1, -1))).toEqual(model.columns.get(table));
      for (const [column, { type }] of Object.entries(view.columns)) {
        expect([table, column, text.includes(`{"${column}", Currency.Type}`)]).toEqual([
          table,
          column,
          type.startsWith('decimal'),
        ]);
      }
    }
  });

  test('has a lineage tag of its own for every table, column, measure, hierarchy, level and parameter', () => {
    const tags: string[] = [];
    for (const file of files.filter((path) => /\/(tables\/\w+|expressions)\.tmdl$/.test(path))) {
      const text = readFileSync(file, 'utf8');
      const objects = [...text.matchAll(/^\t*(table|column|measure|hierarchy|level|expression) \S/gm)];
      const own = [...text.matchAll(/^\t+lineageTag: ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/gm)];
      expect([name(file), own.length]).toEqual([name(file), objects.length]);
      tags.push(...own.map(([, tag]) => tag!));
    }
    expect(new Set(tags).size).toBe(tags.length);
  });

  test('has one date table, marked by its key, and none made by itself', () => {
    const folder = join(project, 'Darkroom.SemanticModel/definition');
    expect(readFileSync(join(folder, 'model.tmdl'), 'utf8')).toContain(
      'annotation __PBI_TimeIntelligenceEnabled = 0',
    );
    const dates = readFileSync(join(folder, 'tables/dim_date.tmdl'), 'utf8');
    expect(dates).toMatch(/^\tdataCategory: Time$/m);
    expect(/^\tcolumn day\n((?:\t\t.*\n)+)/m.exec(dates)![1]).toContain('\t\tisKey\n');
  });

  test('is indented with tabs and has no comments, as TMDL wants it', () => {
    for (const file of files.filter((path) => path.endsWith('.tmdl'))) {
      const text = readFileSync(file, 'utf8');
      expect(text).not.toMatch(/^ /m);
      expect(text).not.toMatch(/^\s*\/\/(?!\/)/m);
    }
  });

  test('takes server and database as parameters and has a role for row-level security', () => {
    const text = readFileSync(join(project, 'Darkroom.SemanticModel/definition/expressions.tmdl'), 'utf8');
    expect(text).toMatch(/^expression Server = .*IsParameterQuery=true/m);
    expect(text).toMatch(/^expression Database = .*IsParameterQuery=true/m);
    expect(files.some((file) => file.includes('/roles/'))).toBe(true);
  });
});

describe('the report', () => {
  const visuals = jsonFiles.filter((file) => file.endsWith('visual.json'));

  test('has pages for sales, membership, logistics weights, and images and retention', () => {
    const pages = jsonFiles.filter((file) => file.endsWith('page.json'));
    const titles = pages.map(
      (file) => (JSON.parse(readFileSync(file, 'utf8')) as { displayName: string }).displayName,
    );
    expect(titles.sort()).toEqual(['Images and retention', 'Logistics weights', 'Membership', 'Sales']);
  });

  test('shows only columns and measures that the model has', () => {
    let shown = 0;
    for (const file of visuals) {
      const text = readFileSync(file, 'utf8');
      const found = text.matchAll(
        /"(Column|Measure)":\s*\{\s*"Expression":\s*\{\s*"SourceRef":\s*\{\s*"Entity":\s*"([^"]+)"\s*\}\s*\},\s*"Property":\s*"([^"]+)"/g,
      );
      for (const [, kind, entity, property] of found) {
        shown += 1;
        expect((kind === 'Column' ? model.columns : model.measures).get(entity!)).toContain(property);
      }
    }
    expect(shown).toBeGreaterThan(40);
  });

  test('shows the fields of an axis as they stand, months beneath their years, and says on each page how old it is', () => {
    for (const page of ['sales', 'membership', 'logistics', 'images']) {
      const own = visuals.filter((file) => file.includes(`/pages/${page}/`));
      expect(own.some((file) => readFileSync(file, 'utf8').includes('"Data as of"'))).toBe(true);
      for (const file of own) {
        const { visual } = JSON.parse(readFileSync(file, 'utf8')) as {
          visual: { query: { queryState: { Category?: { projections: { active?: boolean }[] } } } };
        };
        for (const { active } of visual.query.queryState.Category?.projections ?? []) {
          expect([name(file), active]).toEqual([name(file), true]);
        }
      }
    }
  });

  test('places no visual over another, and none off the page', () => {
    const boxes = visuals.map((file) => ({
      page: name(file).split('/').at(-4),
      ...(
        JSON.parse(readFileSync(file, 'utf8')) as { position: Record<'x' | 'y' | 'width' | 'height', number> }
      ).position,
    }));
    for (const box of boxes) {
      expect(box.x + box.width).toBeLessThanOrEqual(1280.001);
      expect(box.y + box.height).toBeLessThanOrEqual(720.001);
      for (const other of boxes) {
        if (other === box || other.page !== box.page) continue;
        const apart =
          box.x + box.width <= other.x + 0.001 ||
          other.x + other.width <= box.x + 0.001 ||
          box.y + box.height <= other.y + 0.001 ||
          other.y + other.height <= box.y + 0.001;
        expect(apart).toBe(true);
      }
    }
  });
});
