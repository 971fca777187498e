import type { LocalLake } from './open.ts';

/** What is compared, by what it is of, as exact text. */
export type Figures = Map<string, string>;

/** 12.3400 and 12.34 are the same figure. */
export const exact = (value: unknown): string => {
  const text = String(value);
  return /^-?\d+\.\d+$/.test(text) ? text.replace(/\.?0+$/, '') : text;
};

export function figures(rows: readonly (readonly unknown[])[], keys: number): Figures {
  return new Map(
    rows.map((row) => [row.slice(0, keys).map(String).join(' '), row.slice(keys).map(exact).join(' | ')]),
  );
}

export const lakeFigures = async (lake: LocalLake, sql: string, keys: number): Promise<Figures> =>
  figures((await lake.ask(sql)).rows, keys);
