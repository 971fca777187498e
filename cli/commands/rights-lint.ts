import type { Command } from 'commander';
import { printTable } from '../../client/table.ts';
import { isFault, lint, rules, type Finding } from '../../shared/database/lint/lint.ts';
import { readPostgres } from '../../shared/database/lint/postgres.ts';
import { readTsql } from '../../shared/database/lint/tsql.ts';
import { isEmbedded } from '../../shared/database/open.ts';
import { databaseOption, ownerAddress } from '../support/database.ts';
import { printJson } from '../support/output.ts';

interface Options {
  readonly database?: string;
  readonly json?: boolean;
  readonly rules?: boolean;
}

function printRules(names: ReadonlySet<string>): void {
  for (const { name, level, why, fix } of rules.filter((rule) => names.has(rule.name)))
    console.log(`\n${name} (${level})\n  Why: ${why}\n  Fix: ${fix}`);
}

function print(findings: readonly Finding[], engine: string): void {
  if (findings.length > 0) {
    printTable(
      ['level', 'rule', 'object', 'what'],
      findings.map(({ level, rule, object, detail }) => [level, rule, object, detail]),
    );
  }
  printRules(new Set(findings.map(({ rule }) => rule)));
  const faults = findings.filter(isFault).length;
  console.log(
    `${findings.length > 0 ? '\n' : ''}${rules.length} rules over ${engine}’s catalogue: ${faults} faults, ${findings.length - faults} hints.`,
  );
}

async function lintRights(_: unknown, command: Command): Promise<void> {
  // The command above has --database and --json, too.
  const { database, json, rules: list } = command.optsWithGlobals<Options>();
  if (list === true) {
    if (json === true) printJson(rules.map(({ name, level, why, fix }) => ({ name, level, why, fix })));
    else printRules(new Set(rules.map(({ name }) => name)));
    return;
  }
  const address = ownerAddress(database);
  const snapshot = await (isEmbedded(address) ? readPostgres(address) : readTsql(address));
  const findings = lint(snapshot);
  if (json === true) printJson({ engine: snapshot.engine, rules: rules.length, findings });
  else print(findings, snapshot.engine);
  process.exitCode = findings.some(isFault) ? 1 : 0;
}

export const addRightsLint = (rights: Command): Command =>
  rights
    .command('lint')
    .description(
      'faults in the catalogue: rights, owners, views, keys, indexes; with any but a hint the exit code is 1',
    )
    .option('--rules', 'list the rules, why each matters and how to fix what it finds')
    .option(...databaseOption)
    .option('--json', 'print JSON')
    .action(lintRights);
