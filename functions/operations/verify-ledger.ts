import { registerRoute } from '../register-route.ts';
import { verifyLedger } from '../../shared/images/erase/ledger/verify-ledger.ts';
import { composition } from '../composition.ts';
import { verifyLedgerRoute } from './routes.ts';

registerRoute(verifyLedgerRoute, async () => {
  const { store, signer } = await composition.ledger();
  const database = await composition.database();
  const { entries, checkpoint, faults } = await verifyLedger({ database, store, verifier: signer });
  return {
    jsonBody: {
      ...{ valid: faults.length === 0, entries, checkpoint: checkpoint ?? null },
      faults: faults.map((fault) => ({ ...fault, at: fault.at ?? null })),
    },
  };
});
