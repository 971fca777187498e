import type { Sizes } from './sizes.ts';

/** What a row shows: the sum of the parts whose names begin like this. KB. */
const columns: readonly (readonly [title: string, prefixes: readonly string[]])[] = [
  ['raw', ['blobs raw']],
  ['derived', ['blobs processed']],
  ['lake', ['blobs lake']],
  ['ledger', ['blobs ledger']],
  ['other', ['blobs dead-letters', 'blobs uploads', 'blobs operations', 'blobs azure']],
  ['on disk', ['files of blobs']],
  ['index', ['index of blobs']],
  ['hubs', ['hub ']],
  ['tables', ['table ']],
  ['primary', ['files of database one']],
  ['standby', ['files of database two']],
  ['WAL one', ['log of database one']],
  ['WAL two', ['log of database two']],
  ['logs', ['logs']],
  ['rest', ['the rest']],
];

/** Bytes of all parts whose names begin with one of these. */
export const sumOf = (sizes: Sizes, prefixes: readonly string[]): number =>
  [...sizes].reduce(
    (sum, [name, bytes]) => sum + (prefixes.some((prefix) => name.startsWith(prefix)) ? bytes : 0),
    0,
  );

const print = (cells: readonly string[]): void =>
  console.error(cells.map((cell) => cell.padStart(8)).join(' '));

export const printHead = (): void => print(['hour', ...columns.map(([title]) => title)]);

export const printRow = (hour: number, sizes: Sizes): void =>
  print([String(hour), ...columns.map(([, prefixes]) => String(Math.round(sumOf(sizes, prefixes) / 1_024)))]);
