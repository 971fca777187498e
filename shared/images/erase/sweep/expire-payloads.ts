import { actor, type SweepDependencies } from './dependencies.ts';

/** Deletes payloads of dead letters whose time is up. Answers how many there were. */
export async function expirePayloads(
  { inventory, database, clock }: SweepDependencies,
  dryRun: boolean,
): Promise<number> {
  let expired = 0;
  for await (const names of inventory.expiredDeadLetterPayloads(clock.now())) {
    expired += names.length;
    if (dryRun || names.length === 0) continue;
    await inventory.deleteDeadLetterPayloads(names);
    const parameters = { claim_checks: names };
    await database.execute('storage_writer', 'forget_dead_letter_payloads', parameters, { actor });
  }
  if (!dryRun) {
    await database.execute('storage_writer', 'forget_expired_dead_letters', { at: clock.now() }, { actor });
  }
  return expired;
}
