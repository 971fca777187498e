/** A text column that AzureDiagnostics has only once a row with it has come; a query that names it plainly is refused. */
export const optionalText = (column: string): string => `column_ifexists("${column}", "")`;
