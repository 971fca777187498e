export interface DaxReferences {
  readonly columns: readonly (readonly [table: string, column: string])[];
  /** `[Name]` without a table: a measure, or a column of the row that is looked at. */
  readonly unqualified: readonly string[];
  readonly tables: readonly string[];
}

/** Words of the language and of its functions' arguments, which stand alone and are no table. */
const words = new Set([
  ...['VAR', 'RETURN', 'IN', 'NOT', 'TRUE', 'FALSE', 'ASC', 'DESC'],
  ...['YEAR', 'QUARTER', 'MONTH', 'DAY', 'HOUR', 'MINUTE', 'SECOND'],
]);

const token =
  /"(?:[^"]|"")*"|--.*|\/\/.*|\/\*[\s\S]*?\*\/|('(?:[^']|'')+'|[A-Za-z_]\w*)?\[([^\]]+)\]|'((?:[^']|'')+)'|([A-Za-z_]\w*)(\s*\()?/g;

/** What a DAX expression names. */
export function referencesOf(dax: string): DaxReferences {
  const variables = new Set([...dax.matchAll(/\bVAR\s+(\w+)/g)].map(([, name]) => name!));
  const columns: [string, string][] = [];
  const unqualified: string[] = [];
  const tables: string[] = [];
  for (const [, table, column, quoted, word, call] of dax.matchAll(token)) {
    if (column !== undefined && table !== undefined) columns.push([table.replace(/^'|'$/g, ''), column]);
    else if (column !== undefined) unqualified.push(column);
    else if (quoted !== undefined) tables.push(quoted);
    else if (
      word !== undefined &&
      call === undefined &&
      !words.has(word.toUpperCase()) &&
      !variables.has(word)
    )
      tables.push(word);
  }
  return { columns, unqualified, tables };
}
