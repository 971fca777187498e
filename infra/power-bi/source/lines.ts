/** Indents lines of TMDL, which wants tabs; an empty line stays empty. */
export const tabs = (depth: number, lines: readonly string[]): string[] =>
  lines.map((line) => (line === '' ? '' : '\t'.repeat(depth) + line));
