import { defaultStateDir, runningStack } from '../../infra/local/supervisor/state.ts';

export const databaseOption = [
  '--database <address>',
  'postgres://… or Server=…;Database=… (else DARKROOM_DATABASE, else the stack that runs here)',
] as const;

/** The database that a command is about. */
export function databaseAddress(given: string | undefined): string {
  const address = given ?? process.env['DARKROOM_DATABASE'] ?? runningStack(defaultStateDir())?.database;
  if (address === undefined) {
    throw new Error('No stack runs here. Start one with "npm start", or say --database ADDRESS.');
  }
  return address;
}

/** The same, signed in as its owner; an address that is given signs in as the owner itself. */
export function ownerAddress(given: string | undefined): string {
  const isGiven = given !== undefined || process.env['DARKROOM_DATABASE'] !== undefined;
  return (isGiven ? undefined : runningStack(defaultStateDir())?.databaseOwner) ?? databaseAddress(given);
}
