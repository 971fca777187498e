/** The shapes of sqlparser-rs that the views use; its own declarations do not have them as they are. */
export interface Ident {
  readonly value: string;
}
export type Name = readonly { readonly Identifier: Ident }[];
export type DataType = string | Readonly<Record<string, unknown>>;
export interface Call {
  readonly name: Name;
  readonly args: {
    readonly List?: { readonly args: readonly { readonly Unnamed?: { readonly Expr?: Expr } | string }[] };
  };
}
export type Expr = Partial<{
  readonly Identifier: Ident;
  readonly CompoundIdentifier: readonly Ident[];
  readonly Value: { readonly value: Readonly<Record<string, unknown>> | string };
  readonly Function: Call;
  readonly Convert: { readonly data_type: DataType };
  readonly Cast: { readonly data_type: DataType };
  readonly Case: { readonly conditions: readonly { readonly result: Expr }[]; readonly else_result?: Expr };
  readonly BinaryOp: { readonly left: Expr; readonly right: Expr };
  readonly Nested: Expr;
  readonly Collate: { readonly expr: Expr };
  readonly Subquery: Query;
}>;
type Projection = Partial<{
  readonly ExprWithAlias: { readonly expr: Expr; readonly alias: Ident };
  readonly UnnamedExpr: Expr;
}>;
interface Alias {
  readonly name: Ident;
  readonly columns?: readonly { readonly name: Ident }[];
}
export interface Relation {
  readonly Table?: { readonly name: Name; readonly alias?: Alias };
  readonly Derived?: { readonly subquery: Query; readonly alias?: Alias };
}
export type Body = Partial<{
  readonly Select: {
    readonly projection: readonly Projection[];
    readonly from?: readonly {
      readonly relation: Relation;
      readonly joins?: readonly { readonly relation: Relation }[];
    }[];
  };
  readonly SetOperation: { readonly left: Body };
  readonly Values: { readonly rows: readonly { readonly content: readonly Expr[] }[] };
}>;
export interface Query {
  readonly with?: { readonly cte_tables: readonly { readonly alias: Alias; readonly query: Query }[] };
  readonly body: Body;
}

export interface Statement {
  readonly CreateTable?: {
    readonly name: Name;
    readonly columns: readonly { readonly name: Ident; readonly data_type: DataType }[];
  };
  readonly AlterTable?: {
    readonly name: Name;
    readonly operations: readonly {
      readonly AddColumn?: { readonly column_def: { readonly name: Ident; readonly data_type: DataType } };
    }[];
  };
  readonly CreateView?: { readonly name: Name; readonly query: Query };
}

export const nameOf = (name: Name): string => name.map(({ Identifier }) => Identifier.value).join('.');
