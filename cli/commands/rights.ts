import type { Command } from 'commander';
import { isEmbedded } from '../../shared/database/open.ts';
import { databaseRoles, isMeant, type Answer, type Action } from '../../shared/database/rights/types.ts';
import { databaseAddress, databaseOption, ownerAddress } from '../support/database.ts';
import { printTable } from '../../client/table.ts';
import { printJson } from '../support/output.ts';
import { openProbe, type Addresses } from '../support/rights-probe.ts';
import { addRightsLint } from './rights-lint.ts';
import { addRightsWhy } from './rights-why.ts';

interface Options {
  readonly role?: string;
  readonly denied?: boolean;
  readonly database?: string;
  readonly json?: boolean;
}

interface Tried extends Action {
  readonly role: string;
  readonly answer: Answer;
  /** It is what the permission model says. */
  readonly asMeant: boolean;
}

async function tryAll(addresses: Addresses, roles: readonly string[]): Promise<Tried[]> {
  const probe = await openProbe(addresses);
  try {
    const tried: Tried[] = [];
    const actions = await probe.actions();
    for (const role of roles) {
      for (const action of actions) {
        const answer = await probe.attempt(isEmbedded(addresses.owner) ? role : undefined, action);
        tried.push({ role, ...action, answer, asMeant: (answer === 'allowed') === isMeant(role, action) });
      }
    }
    return tried;
  } finally {
    await probe.close();
  }
}

async function rights({ role, denied, database, json }: Options): Promise<void> {
  const [owner, service] = [ownerAddress(database), databaseAddress(database)];
  if (role !== undefined && !databaseRoles.includes(role)) {
    throw new Error(`There is no role ${role}. There are: ${databaseRoles.join(', ')}.`);
  }
  // Elsewhere an attempt is made as whoever signs in, and can stand for one role only.
  if (role === undefined && !isEmbedded(owner))
    throw new Error('Say which role you sign in with: --role ROLE.');
  const tried = await tryAll({ owner, service }, role === undefined ? databaseRoles : [role]);
  const wrong = tried.filter(({ asMeant }) => !asMeant);
  const shown = tried.filter(({ answer, asMeant }) => denied === true || answer === 'allowed' || !asMeant);
  if (json === true) printJson({ asOf: new Date().toISOString(), tried: tried.length, rights: shown });
  else {
    printTable(
      ['role', 'may', 'object', 'kind', ''],
      shown.map((one) => [
        one.role,
        one.answer === 'allowed' ? one.verb : `${one.answer}: ${one.verb}`,
        `${one.schema}.${one.object}`,
        one.kind,
        one.asMeant ? '' : 'NOT AS MEANT',
      ]),
    );
    const allowed = tried.filter(({ answer }) => answer === 'allowed').length;
    console.log(
      `\n${tried.length} tried: ${allowed} allowed, ${tried.length - allowed} refused, ${wrong.length} not as meant.`,
    );
  }
  process.exitCode = wrong.length === 0 ? 0 : 1;
}

export function addRights(program: Command): void {
  const rightsCommand = program
    .command('rights')
    .description('who may do what in the database, found out by trying it (and rolling it back)')
    .option('--role <role>', `one of ${databaseRoles.join(', ')}`)
    .option('--denied', 'list what was refused, too')
    .option(...databaseOption)
    .option('--json', 'print JSON')
    .action(rights);
  addRightsLint(rightsCommand);
  addRightsWhy(rightsCommand);
}
