import {
  jsonFiles,
  readModel,
  readReport,
  type Files,
  type Model,
  type Report,
  type Visual,
} from './project.ts';
import { shapeFaults } from './shapes.ts';

interface Field {
  readonly kind: string;
  readonly table: string;
  readonly name: string;
}

/** Every field that something in a report names, however deep: `{ Column: { Expression: { SourceRef }, Property } }`. */
function fieldsIn(value: unknown, kind = ''): Field[] {
  if (typeof value !== 'object' || value === null) return [];
  const { Expression, Property } = value as {
    Expression?: { SourceRef?: { Entity?: string } };
    Property?: string;
  };
  const table = Expression?.SourceRef?.Entity;
  if (table !== undefined && Property !== undefined) return [{ kind, table, name: Property }];
  return Object.entries(value).flatMap(([key, inner]) => fieldsIn(inner, Array.isArray(value) ? kind : key));
}

function hasField(model: Model, { kind, table, name }: Field): boolean {
  const own = model.tables.find((one) => one.name === table);
  const fields = kind === 'Measure' ? own?.measures : own?.columns;
  return fields?.some((one) => one.name === name) ?? false;
}

const states = ({ value }: Visual) => Object.entries(value.visual.query?.queryState ?? {});
const titleOf = ({ page, name }: Visual): string => `${page}/${name}`;

const isApart = (a: Visual, b: Visual): boolean => {
  const [one, other] = [a.value.position, b.value.position];
  const slack = 0.001;
  return (
    one.x + one.width <= other.x + slack ||
    other.x + other.width <= one.x + slack ||
    one.y + one.height <= other.y + slack ||
    other.y + other.height <= one.y + slack
  );
};

type Rule = (report: Report, model: Model) => string[];
const visualsOf = ({ pages }: Report): Visual[] => pages.flatMap(({ visuals }) => [...visuals]);

const rules = {
  'a visual shows fields that the model has': (report, model) =>
    visualsOf(report).flatMap((visual) => [
      ...(visual.value.visual.query !== undefined && fieldsIn(visual.value).length === 0
        ? [`${titleOf(visual)} shows nothing`]
        : []),
      ...fieldsIn(visual.value)
        .filter((field) => !hasField(model, field))
        .map(({ table, name }) => `${titleOf(visual)} shows ${table}.${name}`),
    ]),

  'a query names the field that it is of': (report) =>
    visualsOf(report).flatMap((visual) =>
      states(visual).flatMap(([, { projections }]) =>
        projections
          .filter(({ field, queryRef }) =>
            fieldsIn(field).every(({ table, name }) => `${table}.${name}` !== queryRef),
          )
          .map(({ queryRef }) => `${titleOf(visual)} asks for ${queryRef}`),
      ),
    ),

  'a folder is named as what is in it, and pages have an order': ({ pages, order }) => [
    ...pages.filter(({ folder, value }) => folder !== value.name).map(({ folder }) => `page ${folder}`),
    ...pages
      .flatMap(({ visuals }) => visuals)
      .filter(({ name, value }) => name !== value.name)
      .map(titleOf),
    ...([...order].sort().join() ===
    pages
      .map(({ folder }) => folder)
      .sort()
      .join()
      ? []
      : [`order: ${order.join()}`]),
  ],

  'no visual is on another or off its page': ({ pages }) =>
    pages.flatMap(({ visuals, value: { width, height } }) => [
      ...visuals
        .filter(
          ({ value: { position: at } }) =>
            at.x + at.width > width + 0.001 || at.y + at.height > height + 0.001,
        )
        .map((visual) => `${titleOf(visual)} is off the page`),
      ...visuals.flatMap((a, index) =>
        visuals
          .slice(index + 1)
          .filter((b) => !isApart(a, b))
          .map((b) => `${titleOf(a)} is on ${titleOf(b)}`),
      ),
    ]),

  'a page says how old its data is': ({ pages }) =>
    pages
      .filter(
        ({ visuals }) =>
          !visuals.some(({ value }) => fieldsIn(value).some(({ name }) => name === 'Data as of')),
      )
      .map(({ folder }) => folder),

  'the fields of an axis are shown as they stand, months beneath their years': (report) =>
    visualsOf(report).flatMap((visual) =>
      states(visual)
        .filter(
          ([role, { projections }]) =>
            role === 'Category' && projections.some(({ active }) => active !== true),
        )
        .map(() => titleOf(visual)),
    ),

  'there is a page for sales, membership, weights, and images': ({ pages }) => {
    const wanted = ['Images and retention', 'Logistics weights', 'Membership', 'Sales'];
    const titles = pages.map(({ value }) => value.displayName);
    return wanted.filter((title) => !titles.includes(title));
  },
} as const satisfies Readonly<Record<string, Rule>>;

export const reportRules: readonly (readonly [rule: string, faults: (files: Files) => string[]])[] = [
  [
    'a JSON file has the shape of the schema that it names',
    (files) =>
      jsonFiles(files).flatMap(([path, value]) => shapeFaults(value).map((fault) => `${path}: ${fault}`)),
  ],
  ...Object.entries(rules as Readonly<Record<string, Rule>>).map(
    ([rule, faults]) => [rule, (files: Files) => faults(readReport(files), readModel(files))] as const,
  ),
];
