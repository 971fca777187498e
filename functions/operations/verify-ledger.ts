import { registerRoute } from '../register-route.ts';
import { verifyLedger, type LedgerEntry } from '../../shared/images/erase/ledger.ts';
import { composition } from '../composition.ts';
import { verifyLedgerRoute } from './routes.ts';

registerRoute(verifyLedgerRoute, async () => {
  const database = await composition.database();
  let head: string | null = null;
  async function* entries(): AsyncIterable<LedgerEntry> {
    const batches = database.stream('operations', 'purges', { orderBy: [['sequence', 'asc']] });
    for await (const batch of batches) {
      for (const entry of batch) {
        head = entry.hash;
        yield entry;
      }
    }
  }
  const check = await verifyLedger(entries());
  return {
    jsonBody: { valid: check.ok, entries: check.entries, firstBad: check.brokenAt ?? null, head },
  };
});
