import type { HttpRequest } from '@azure/functions';
import type { z } from 'zod';
import { DarkroomError, type ErrorCode } from '../errors.ts';
import { readAtMost } from '../read-at-most.ts';
import { parametersOf } from './path-template.ts';
import { requestBody } from './request-body.ts';
import type { Issue } from './problem.ts';
import type { Route } from './route.ts';

/** A JSON body may have this many bytes; images do not come as JSON. */
const maxJsonBytes = 1024 * 1024;

/** Paths, rules and hints, but never the value that was sent. */
const issuesOf = (error: z.ZodError, place: string): Issue[] =>
  error.issues.map((issue) => ({
    path: [place, ...issue.path.map(String)].join('.'),
    code: issue.code,
    message: issue.message,
  }));

function parse(schema: z.ZodType | undefined, value: unknown, place: string, code: ErrorCode): unknown {
  if (schema === undefined) return undefined;
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issues = issuesOf(result.error, place);
  const first = issues.map((issue) => `${issue.path}: ${issue.message.replace(/\.$/, '')}`).join('; ');
  throw new DarkroomError(code, `The request does not fit: ${first}.`, { details: { issues } });
}

/** A key that comes more than once is a list. */
function queryOf(request: HttpRequest): Record<string, string | string[]> {
  return Object.fromEntries(
    [...new Set(request.query.keys())].map((key) => {
      const values = request.query.getAll(key);
      return [key, values.length === 1 ? values[0]! : values];
    }),
  );
}

async function readJson(request: HttpRequest): Promise<unknown> {
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? '';
  if (type !== 'application/json' && !type.endsWith('+json')) {
    throw new DarkroomError('unsupported-media-type', 'Send the body as application/json.');
  }
  const text = await readText(request);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new DarkroomError('invalid-request', 'The body is not valid JSON.', { cause });
  }
}

async function readText(request: HttpRequest): Promise<string> {
  const sentence = `A JSON body may have ${maxJsonBytes} bytes.`;
  return (await readAtMost(requestBody(request), maxJsonBytes, sentence)).toString('utf8');
}

/**
 * The request as the route's schemas see it. What is wrong in the address is 400 `invalid-request`, as is a body
 * that is not JSON; a body with wrong values is 422 `invalid-value`. All issues are reported together.
 */
export async function validate(
  route: Route,
  request: HttpRequest,
): Promise<{ parameters: unknown; query: unknown; body: unknown }> {
  const inPath = parametersOf(route.path, request.url) ?? {};
  const parameters = parse(route.parameters, inPath, 'path', 'invalid-request');
  const query = parse(route.query, queryOf(request), 'query', 'invalid-request');
  const body = route.body && parse(route.body, await readJson(request), 'body', 'invalid-value');
  return { parameters, query, body };
}
