import { z } from 'zod';
import { defineRoute } from '../../shared/platform/http/define-route.ts';

const count = z.int().nonnegative();

export const exportNowRoute = defineRoute({
  name: 'exportNow',
  method: 'POST',
  path: '/operations/exports',
  summary: 'Exports to the lake what has changed, as the timer does; when it is cut off, ask again',
  roles: ['Engineering'],
  body: z.strictObject({
    rebuild: z
      .boolean()
      .default(false)
      .describe(
        'Write every file anew, as after a restore of the database; large, so better by the command line',
      ),
  }),
  responses: {
    200: {
      description: 'What was done, table by table',
      schema: z.object({
        tables: z.array(
          z.object({
            table: z.string(),
            changed: count.describe('Rows that had changed since the last export'),
            written: count.describe('Files'),
            bytesWritten: count,
            rows: count.describe('Rows that the table has in the lake now'),
            files: count,
            bytes: count,
            watermark: count,
          }),
        ),
      }),
    },
  },
});
