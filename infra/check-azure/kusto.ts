import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createContext, runInContext } from 'node:vm';
import { logTables } from './log-tables.ts';

/** The parts of Microsoft's language service that are used here: .NET compiled to JavaScript, with .NET's names. */
interface Diagnostic {
  readonly Code: string;
  readonly Message: string;
  readonly Start: number;
  readonly Length: number;
}

interface List<T> {
  readonly Count: number;
  getItem(index: number): T;
}

interface Table {
  WithName(name: string): Table;
}

interface Language {
  readonly KustoCode: {
    ParseAndAnalyze(query: string, globals: unknown): { GetDiagnostics(): List<Diagnostic> };
  };
  readonly GlobalState: { readonly Default: { WithDatabase(database: unknown): unknown } };
  readonly Symbols: {
    readonly TableSymbol: { From(schema: string): Table };
    readonly DatabaseSymbol: { readonly $ctor1: new (name: string, tables: readonly Table[]) => unknown };
  };
}

const require = createRequire(import.meta.url);

/** In a context of its own: the scripts put what they define on the global object. */
function load(): Language {
  const context = createContext({ console });
  for (const file of ['bridge.js', 'Kusto.Language.Bridge.js']) {
    const path = require.resolve(`@kusto/language-service-next/${file}`);
    runInContext(readFileSync(path, 'utf8'), context, { filename: path });
  }
  return runInContext('Kusto.Language', context) as Language;
}

let loaded: { language: Language; globals: unknown } | undefined;

function service(): { language: Language; globals: unknown } {
  if (loaded) return loaded;
  const language = load();
  const { TableSymbol, DatabaseSymbol } = language.Symbols;
  const tables = Object.entries(logTables).map(([name, columns]) =>
    TableSymbol.From(`(${columns.replaceAll(/\s+/g, ' ')})`).WithName(name),
  );
  const globals = language.GlobalState.Default.WithDatabase(new DatabaseSymbol.$ctor1('logs', tables));
  return (loaded = { language, globals });
}

/** What Kusto's parser and binder say against a query over our tables; nothing when Log Analytics would take it. */
export function queryFaults(query: string): readonly string[] {
  const { language, globals } = service();
  const found = language.KustoCode.ParseAndAnalyze(query, globals).GetDiagnostics();
  return Array.from({ length: found.Count }, (_, index) => {
    const { Code, Message, Start, Length } = found.getItem(index);
    return `${Code} at «${query.slice(Start, Start + Math.max(Length, 1))}»: ${Message}`;
  });
}
