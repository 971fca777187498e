import { DarkroomError } from '../../shared/platform/errors.ts';
import { registerRoute } from '../register-route.ts';
import { composition } from '../composition.ts';
import { ledgerCheckpointRoute, ledgerKeyRoute, ledgerTileRoute } from './routes.ts';

const plain = { 'content-type': 'text/plain; charset=utf-8' };
/** A tile is written once. */
const forever = 'public, max-age=31536000, immutable';

registerRoute(ledgerKeyRoute, async () => {
  const { signer } = await composition.ledger();
  return { headers: plain, body: `${signer.key}\n` };
});

registerRoute(ledgerCheckpointRoute, async () => {
  const database = await composition.database();
  const { signer } = await composition.ledger();
  const [newest] = await database.query('storage_reader', 'ledger_checkpoints', {
    where: [{ column: 'log', operator: '=', value: signer.name }],
    orderBy: [['size', 'desc']],
    limit: 1,
  });
  if (newest === undefined) throw new DarkroomError('not-found', 'The log has no entry yet.');
  return { headers: plain, body: newest.note };
});

registerRoute(ledgerTileRoute, async ({ parameters: { tile } }) => {
  const { files } = await composition.ledger();
  const file = await files.read(`tile/${tile}`);
  if (file === undefined) throw new DarkroomError('not-found', 'The log has no such file.');
  return { headers: { 'content-type': 'application/octet-stream', 'cache-control': forever }, body: file };
});
