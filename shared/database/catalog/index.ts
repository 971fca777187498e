import { analyticsCatalog } from './analytics.ts';
import { deskCatalog } from './desks.ts';
import { imagingCatalog } from './imaging.ts';
import { oversightViews, personProcedures } from './oversight.ts';
import type { Columns, ParametersOf, RowOf, Schema } from './types.ts';
import { warehouseCatalog } from './warehouse.ts';

export const catalog = {
  ...imagingCatalog,
  ...deskCatalog,
  ...analyticsCatalog,
  ...warehouseCatalog,
  operations: {
    views: { ...imagingCatalog.operations.views, ...oversightViews },
    procedures: { ...imagingCatalog.operations.procedures, ...personProcedures },
  },
} as const satisfies Record<string, Schema>;

export type Catalog = typeof catalog;
export type SchemaName = keyof Catalog;
export type ViewName<S extends SchemaName> = keyof Catalog[S]['views'] & string;
export type ProcedureName<S extends SchemaName> = keyof Catalog[S]['procedures'] & string;

type ViewColumns<S extends SchemaName, V extends ViewName<S>> = Catalog[S]['views'][V] extends {
  columns: infer C extends Columns;
}
  ? C
  : never;
type ProcedureOf<S extends SchemaName, P extends ProcedureName<S>> = Catalog[S]['procedures'][P] extends {
  parameters: infer A extends Columns;
  returns: infer R extends Columns;
}
  ? { parameters: A; returns: R }
  : never;

export type ViewRow<S extends SchemaName, V extends ViewName<S>> = RowOf<ViewColumns<S, V>>;
export type Parameters<S extends SchemaName, P extends ProcedureName<S>> = ParametersOf<
  ProcedureOf<S, P>['parameters']
>;
export type ResultRow<S extends SchemaName, P extends ProcedureName<S>> = RowOf<ProcedureOf<S, P>['returns']>;
