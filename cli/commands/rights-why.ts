import type { Command } from 'commander';
import { printTable } from '../../client/table.ts';
import { defaultStateDir, runningStack } from '../../infra/local/supervisor/state.ts';
import { openDatabase } from '../../shared/database/open.ts';
import { makeExplainRights, type Explanation } from '../../shared/database/rights/why.ts';
import { makeDirectory, type DirectoryPerson } from '../../shared/platform/auth/directory.ts';
import { personOf } from '../../shared/platform/auth/person.ts';
import { databaseAddress, databaseOption } from '../support/database.ts';
import { printJson } from '../support/output.ts';

/** The one of the stack that runs here. Elsewhere application roles are given: a person's own token may not read others'. */
function directory() {
  const issuer = runningStack(defaultStateDir())?.identity;
  return issuer === undefined
    ? undefined
    : makeDirectory({
        address: `${issuer}/graph/v1.0`,
        audience: 'darkroom',
        token: () => Promise.resolve(''),
      });
}

function print({ name, grants }: DirectoryPerson, explanation: Explanation): void {
  const { allowed, object, reason, remedy, ways } = explanation;
  const roles = grants.length === 0 ? 'no role' : grants.map(({ role }) => role).join(', ');
  console.log(`${name} (${roles}) ${allowed ? 'comes to' : 'does not come to'} ${object}. ${reason}`);
  console.log(remedy === null ? '' : `What is missing: ${remedy}\n`);
  printTable(
    ['group', 'application role', 'service', 'database role', 'its groups and logins', 'schema', 'may'],
    ways.map(({ group, appRole, service, databaseRole, members, schema, verbs }) => [
      ...[group ?? 'directly', appRole, service, databaseRole, members.join(', '), schema],
      verbs.length === 0 ? 'nothing with it' : verbs.join(', '),
    ]),
  );
}

async function why(who: string, object: string, _: unknown, command: Command): Promise<void> {
  const { database: given, json } = command.optsWithGlobals<{ database?: string; json?: boolean }>();
  const person = await personOf(who, directory());
  const database = openDatabase({ DARKROOM_DATABASE: databaseAddress(given) });
  try {
    const explanation = await makeExplainRights(database)(person, object);
    if (json === true) printJson({ person, ...explanation });
    else print(person, explanation);
    process.exitCode = explanation.allowed ? 0 : 1;
  } finally {
    await database.close();
  }
}

export const addRightsWhy = (rights: Command): Command =>
  rights
    .command('why')
    .description(
      'through which group, role and schema somebody comes to an object, or why not (then the exit code is 1)',
    )
    .argument('<person>', 'a name, sign-in name or object id, or application roles such as Sales,Analytics')
    .argument('<object>', 'schema.name, such as sales.products')
    .option(...databaseOption)
    .option('--json', 'print JSON')
    .action(why);
