import { z } from 'zod';

/**
 * The shapes of the JSON files of a Power BI project, as far as this one uses them, after the schemas that each file
 * names. What Power BI Desktop may add anywhere (objects, filters, annotations) is allowed and not looked into.
 */
const any = z.unknown().optional();
const extras = { objects: any, filterConfig: any, annotations: any, howCreated: any };
const name = z.string().regex(/^[\w-]{1,50}$/);

const projection = z.strictObject({
  field: z.looseObject({}),
  queryRef: z.string(),
  nativeQueryRef: z.string().optional(),
  displayName: z.string().optional(),
  active: z.boolean().optional(),
});

const visual = z.strictObject({
  visualType: z.string(),
  query: z
    .strictObject({
      queryState: z.record(
        z.string(),
        z.strictObject({ projections: z.array(projection), fieldParameters: any, showAll: any }),
      ),
      sortDefinition: any,
      options: any,
    })
    .optional(),
  ...{ objects: any, visualContainerObjects: any, expansionStates: any, syncGroup: any },
  ...{ drillFilterOtherVisuals: z.boolean().optional(), autoSelectVisualType: z.boolean().optional() },
});

const position = z.strictObject({
  ...{ x: z.number(), y: z.number(), width: z.number(), height: z.number() },
  ...{ z: z.number().optional(), tabOrder: z.number().optional(), angle: z.number().optional() },
});

/** By what a schema's address ends with, before its version. */
const shapes: Readonly<Record<string, Readonly<Record<string, z.ZodType>>>> = {
  'pbip/pbipProperties': {
    version: z.string(),
    artifacts: z.array(z.strictObject({ report: z.strictObject({ path: z.string() }) })),
    settings: z.looseObject({ enableAutoRecovery: z.boolean().optional() }).optional(),
  },
  'gitIntegration/platformProperties': {
    metadata: z.strictObject({
      type: z.enum(['Report', 'SemanticModel']),
      displayName: z.string(),
      description: z.string().optional(),
    }),
    config: z.strictObject({ version: z.string(), logicalId: z.guid() }),
  },
  'item/semanticModel/definitionProperties': { version: z.string(), settings: z.looseObject({}).optional() },
  'item/report/definitionProperties': {
    version: z.string(),
    datasetReference: z.strictObject({ byPath: z.strictObject({ path: z.string() }) }),
  },
  'item/report/definition/versionMetadata': { version: z.string().regex(/^\d+\.\d+\.\d+$/) },
  'item/report/definition/pagesMetadata': { pageOrder: z.array(name), activePageName: name },
  'item/report/definition/report': {
    ...{ themeCollection: z.strictObject({ baseTheme: any, customTheme: any }) },
    ...{ settings: z.looseObject({}).optional(), resourcePackages: any, publicCustomVisuals: any, ...extras },
  },
  'item/report/definition/page': {
    ...{ name, displayName: z.string().max(50), width: z.number().positive(), height: z.number().positive() },
    displayOption: z.enum(['FitToPage', 'FitToWidth', 'ActualSize']),
    ...{ type: any, visibility: any, pageBinding: any, visualInteractions: any, ...extras },
  },
  'item/report/definition/visualContainer': {
    ...{ name, position, visual, parentGroupName: name.optional(), isHidden: z.boolean().optional() },
    ...{ filterConfig: any, annotations: any, howCreated: any },
  },
};

const address =
  /^https:\/\/developer\.microsoft\.com\/json-schemas\/fabric\/(.+)\/\d+\.\d+\.\d+\/schema\.json$/;

/** What is wrong with a file, in words. */
export function shapeFaults(value: unknown): string[] {
  const { $schema = '' } = value as { $schema?: string };
  const shape = shapes[address.exec($schema)?.[1] ?? ''];
  if (shape === undefined) return [`no schema of this project: "${$schema}"`];
  const { error } = z.strictObject({ $schema: z.string(), ...shape }).safeParse(value);
  return error === undefined ? [] : error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
}
