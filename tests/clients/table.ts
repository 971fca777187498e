/** What became of one client. */
export interface Outcome {
  readonly name: string;
  readonly version: string;
  /** Why it did not run. */
  readonly skipped?: string;
  readonly checks: readonly { readonly check: string; readonly ok: boolean; readonly detail?: string }[];
}

/** A row a client, a column a check: `ok`, `FAILED`, or nothing where a client has no such call. */
export function tableOf(outcomes: readonly Outcome[]): string {
  const names = [...new Set(outcomes.flatMap(({ checks }) => checks.map(({ check }) => check)))];
  const cell = ({ checks }: Outcome, name: string): string => {
    const found = checks.find(({ check }) => check === name);
    if (!found) return '';
    return found.ok ? 'ok' : 'FAILED';
  };
  const rows = [
    ['client', 'version', ...names],
    ...outcomes.map((outcome) => [
      outcome.name,
      outcome.skipped === undefined ? outcome.version : `skipped: ${outcome.skipped}`,
      ...names.map((name) => cell(outcome, name)),
    ]),
  ];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((text, column) => text.padEnd(widths[column]!)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [line(rows[0]!), rule, ...rows.slice(1).map(line)].join('\n');
}
