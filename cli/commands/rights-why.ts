import type { Command } from 'commander';
import { printTable } from '../../client/table.ts';
import { personas } from '../../infra/local/identity/personas.ts';
import { openDatabase } from '../../shared/database/open.ts';
import { makeReportRights } from '../../shared/database/rights/report.ts';
import { explainRights, type Explanation } from '../../shared/database/rights/why.ts';
import { roles as appRoles, type Role } from '../../shared/platform/auth/principal.ts';
import { systemClock } from '../../shared/platform/clock.ts';
import { openProbe } from '../support/rights-probe.ts';
import { databaseAddress, databaseOption, ownerAddress } from '../support/database.ts';
import { printJson } from '../support/output.ts';

interface Person {
  readonly name: string;
  readonly roles: readonly Role[];
}

/** A persona by name, object id or persona, or whoever has these application roles. */
function personOf(text: string): Person {
  const persona = Object.entries(personas).find(
    ([id, { oid, name }]) => text === id || text === oid || text.toLowerCase() === name.toLowerCase(),
  )?.[1];
  if (persona) return persona;
  const roles = text.split(',').map((part) => appRoles.find((role) => role === part.trim()));
  if (roles.every((role) => role !== undefined)) return { name: `Whoever has ${text}`, roles };
  throw new Error(
    `${text} is nobody here: give a persona (${Object.keys(personas).join(', ')}), or the application roles of somebody, as their token's "roles" has them (${appRoles.join(',')}).`,
  );
}

function print(person: Person, { allowed, object, reason, ways }: Explanation): void {
  const roles = person.roles.length === 0 ? 'no role' : person.roles.join(', ');
  console.log(
    `${person.name} (${roles}) ${allowed ? 'comes to' : 'does not come to'} ${object}. ${reason}\n`,
  );
  printTable(
    ['application role', 'service', 'database role', 'its groups and logins', 'may'],
    ways.map(({ appRole, service, databaseRole, members, verbs }) => [
      ...[appRole, service, databaseRole, members.join(', ')],
      verbs.length === 0 ? 'nothing with it' : verbs.join(', '),
    ]),
  );
}

async function why(who: string, object: string, _: unknown, command: Command): Promise<void> {
  const { database: given, json } = command.optsWithGlobals<{ database?: string; json?: boolean }>();
  const person = personOf(who);
  const probe = await openProbe({ owner: ownerAddress(given), service: databaseAddress(given) });
  const database = openDatabase({ DARKROOM_DATABASE: databaseAddress(given) });
  try {
    const { rights } = await makeReportRights({ database, clock: systemClock })();
    const explanation = explainRights(person.roles, object, { rights, members: await probe.members() });
    if (json === true) printJson({ person: person.name, roles: person.roles, ...explanation });
    else print(person, explanation);
    process.exitCode = explanation.allowed ? 0 : 1;
  } finally {
    await Promise.all([database.close(), probe.close()]);
  }
}

export const addRightsWhy = (rights: Command): Command =>
  rights
    .command('why')
    .description(
      'through which role and schema somebody comes to an object, or why not (then the exit code is 1)',
    )
    .argument('<person>', 'a persona, or application roles such as Sales,Analytics')
    .argument('<object>', 'schema.name, such as sales.products')
    .option(...databaseOption)
    .option('--json', 'print JSON')
    .action(why);
