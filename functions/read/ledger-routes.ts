import { z } from 'zod';
import { defineRoute } from '../../shared/platform/http/define-route.ts';

const text = ['text/plain'] as const;

export const ledgerKeyRoute = defineRoute({
  name: 'getLedgerKey',
  method: 'GET',
  path: '/ledger/key',
  summary: 'The public key of the log of erasures (C2SP signed-note, Ed25519)',
  roles: 'anyone',
  responses: { 200: { description: '`NAME+ID+KEY`', contentTypes: text, schema: z.string() } },
});

export const ledgerCheckpointRoute = defineRoute({
  name: 'getLedgerCheckpoint',
  method: 'GET',
  path: '/ledger/checkpoint',
  summary: 'The newest signed checkpoint of the log of erasures (C2SP tlog-checkpoint)',
  roles: 'anyone',
  responses: {
    200: { description: 'Size and root, signed', contentTypes: text, schema: z.string() },
    404: { description: 'The log has no entry yet' },
  },
});

export const ledgerTileRoute = defineRoute({
  name: 'getLedgerTile',
  method: 'GET',
  path: '/ledger/tile/{*tile}',
  summary: 'Files of the log of erasures (C2SP tlog-tiles): hashes by level, and `entries`',
  roles: 'anyone',
  parameters: z.object({
    tile: z
      .string()
      .regex(/^(entries|[0-5])(\/x[0-9]{3})*\/[0-9]{3}(\.p\/[0-9]{1,3})?$/)
      .describe('`0/x001/067`, `entries/x001/067.p/5`'),
  }),
  responses: {
    200: { description: 'The file', contentTypes: ['application/octet-stream'] },
    404: { description: 'The log has no such file' },
  },
});
