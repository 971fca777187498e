import { z } from 'zod';
import { defineRoute } from '../../../shared/platform/http/define-route.ts';
import { maxOwnerUnits, textOfUnits } from '../../../shared/platform/limits.ts';
import { receiptSchema } from '../../../shared/images/erase/ledger/receipt.ts';
import { personKind, personReceiptSchema } from '../../../shared/operations/person-receipt.ts';
import { count, engineering, instant } from './common.ts';

const uploader = z.object({
  kind: z.literal('uploader'),
  id: textOfUnits(maxOwnerUnits).describe(
    'The id that images are kept under: a principal, or a record’s key',
  ),
});
const member = z.object({
  kind: z.literal('member'),
  id: z
    .string()
    .regex(/^M(\d{9}|[1-9]\d{9,14})$/)
    .describe('The membership id'),
});
const person = z.discriminatedUnion('kind', [uploader, member]);
const subject = z
  .uuid()
  .optional()
  .describe('The member’s key, as a receipt has it: then nobody else who has the membership id is meant');
const erasedPerson = z.discriminatedUnion('kind', [uploader, member.extend({ subject })]);
const reason = z.string().trim().min(1).max(1000).describe('Why, kept with who. Without the person’s name');

const uploaderData = z.object({
  images: z.array(z.uuid()).describe('`GET /images/{id}` has each, with its bytes and variants'),
  uploads: z
    .array(
      z.object({
        id: z.string(),
        metadata: z.string().nullable().describe('As the client sent it: file names'),
        offset: count,
        createdAt: instant,
        expiresAt: instant,
      }),
    )
    .describe('Resumable uploads that are not forgotten yet'),
  deadLetters: z
    .array(
      z.object({
        imageId: z.uuid().nullable(),
        enqueuedAt: instant,
        key: z.string().nullable(),
        headers: z.record(z.string(), z.string()),
        value: z.base64().meta({ examples: ['/9j/4AAQSkZJRg=='] }),
      }),
    )
    .describe('Records that could not be processed'),
});

const memberData = z.object({
  memberKey: z.uuid().describe('What the warehouse has instead of anything personal'),
  ...{ name: z.string(), email: z.string(), dateOfBirth: z.iso.date(), mobile: z.string() },
  ...{ membership: z.string(), status: z.string(), joinedAt: instant },
  history: z.unknown().describe('Changes of membership and status'),
  orders: z.unknown(),
});

export const exportPersonRoute = defineRoute({
  name: 'exportPerson',
  method: 'POST',
  path: '/operations/people/export',
  summary: 'Everything that is kept of one person; who asked and why is written down',
  roles: engineering,
  body: person.and(z.object({ reason })),
  responses: {
    200: {
      description: 'The data, and the number of the audit entry',
      schema: z
        .object({ sequence: z.int(), uploader: uploaderData.optional(), member: memberData.optional() })
        .meta({ id: 'PersonExport' }),
    },
    404: { description: 'No such member' },
  },
});

export const erasePersonRoute = defineRoute({
  name: 'erasePerson',
  method: 'POST',
  path: '/operations/people/erase',
  summary: 'Erases one person: all of an uploader, or what is personal of a member; `dryRun` only counts',
  roles: engineering,
  body: erasedPerson.and(z.object({ reason, dryRun: z.boolean().default(false) })),
  responses: {
    200: {
      description: 'What was done; when `unfinished`, ask again',
      schema: z
        .object({
          dryRun: z.boolean(),
          unfinished: z.boolean(),
          failed: count.describe('Images that could not be erased whole; ask again'),
          result: z.record(z.string(), z.union([z.number(), z.string()])),
          receipt: personReceiptSchema.optional().describe('Not of a dry run'),
          imageReceipts: z.array(receiptSchema).describe('Of each image that was erased now'),
          remaining: z
            .array(z.object({ copy: z.string(), until: instant }))
            .describe('Copies that an erasure cannot reach, and when the last of them ends'),
        })
        .meta({ id: 'PersonErasure' }),
    },
    404: { description: 'No such member' },
  },
});

export const listPeopleRoute = defineRoute({
  name: 'listPersonRequests',
  method: 'GET',
  path: '/operations/people',
  summary: 'Who counted, exported or erased a person’s data, when and why, newest first',
  roles: engineering,
  query: z.object({ limit: z.coerce.number().int().min(1).max(200).default(50) }),
  responses: {
    200: {
      description: 'Audit entries',
      schema: z.object({
        requests: z.array(
          z
            .object({
              ...{
                sequence: z.int(),
                at: instant,
                actor: z.string(),
                action: z.enum(['count', 'export', 'erase']),
              },
              ...{ kind: personKind, subject: z.string(), reason: z.string(), result: z.unknown() },
            })
            .meta({ id: 'PersonRequest' }),
        ),
      }),
    },
  },
});
