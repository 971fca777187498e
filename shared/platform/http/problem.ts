import type { HttpResponseInit } from '@azure/functions';
import { z } from 'zod';
import { errorCatalog, type DarkroomError, type ErrorCode } from '../errors.ts';

export const problemContentType = 'application/problem+json';

/** One thing that is wrong with a request, and where: `query.limit`, `body.reason`. */
const issueSchema = z
  .object({ path: z.string(), code: z.string(), message: z.string() })
  .meta({ id: 'Issue' });

export const errorCode = z
  .enum(Object.keys(errorCatalog) as [ErrorCode, ...ErrorCode[]])
  .meta({ id: 'ErrorCode' });

/** RFC 9457. `type` is for programs, as is `code`; `detail` is for the person. */
export const problemSchema = z
  .object({
    type: z.string().describe('urn:darkroom:problem:{code}'),
    code: errorCode,
    title: z.string(),
    status: z.int(),
    detail: z.string().describe('What happened, and what to do about it'),
    instance: z
      .string()
      .describe('urn:darkroom:request:{correlation id}, under which the logs have the rest'),
    issues: z.array(issueSchema).optional().describe('Everything that is wrong with the request'),
    details: z.record(z.string(), z.unknown()).optional(),
  })
  .meta({ id: 'Problem' });

export type Issue = z.infer<typeof issueSchema>;
export type Problem = z.infer<typeof problemSchema>;

/** Seconds to wait that a retryable answer suggests when the error itself does not say (`details.retryAfterSeconds`). */
const defaultRetryAfterSeconds = 5;

/** Details that shape the answer itself rather than being shown in it. */
const aboutTheAnswer = ['issues', 'retryAfterSeconds', 'contentRange', 'missing', 'allow'];

export function problemOf(error: DarkroomError, correlationId: string): Problem {
  const issues = error.details['issues'];
  const details = Object.fromEntries(
    Object.entries(error.details).filter(([key]) => !aboutTheAnswer.includes(key)),
  );
  return {
    type: `urn:darkroom:problem:${error.code}`,
    code: error.code,
    title: errorCatalog[error.code].title,
    status: error.status,
    detail: error.message,
    instance: `urn:darkroom:request:${correlationId}`,
    ...(Array.isArray(issues) ? { issues: issues as Issue[] } : {}),
    ...(Object.keys(details).length > 0 ? { details } : {}),
  };
}

/** RFC 6750, section 3: what a client needs to do about a 401 or 403. */
function challenge(error: DarkroomError): string {
  const reason = error.message.replaceAll(/["\\]/g, "'").replaceAll(/[^\x20-\x7e]/g, '?');
  const kind = error.code === 'forbidden' ? 'insufficient_scope' : 'invalid_token';
  const attributes =
    error.details['missing'] === true ? '' : `, error="${kind}", error_description="${reason}"`;
  return `Bearer realm="darkroom"${attributes}`;
}

/** The error as an answer. Its cause stays in the logs. */
export function problemResponse(error: DarkroomError, correlationId: string): HttpResponseInit {
  const retryAfter = error.details['retryAfterSeconds'];
  const { contentRange, allow } = error.details;
  return {
    status: error.status,
    headers: {
      'content-type': problemContentType,
      ...(error.status === 401 || error.status === 403 ? { 'www-authenticate': challenge(error) } : {}),
      ...(error.retryable
        ? { 'retry-after': String(typeof retryAfter === 'number' ? retryAfter : defaultRetryAfterSeconds) }
        : {}),
      ...(typeof allow === 'string' ? { allow } : {}),
      ...(typeof contentRange === 'string' ? { 'content-range': contentRange } : {}),
    },
    body: JSON.stringify(problemOf(error, correlationId)),
  };
}
