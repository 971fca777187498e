import { errorCatalog, DarkroomError, type ErrorCode } from '../errors.ts';
import { correlationHeader } from './correlation.ts';
import type { Json } from './openapi-schemas.ts';
import { problemContentType, problemOf } from './problem.ts';

/** Why an image or a message failed: shown with the image and in dead letters, never the answer to a request. */
const isOfAnImage = (code: string): boolean =>
  /^(image|processing|processor|message|claim-check|chunks|digest)-/.test(code);

const codes = Object.keys(errorCatalog) as ErrorCode[];
const codesOf = (status: number): readonly ErrorCode[] =>
  codes.filter((code) => errorCatalog[code].status === status && !isOfAnImage(code));

const exampleOf = (code: ErrorCode): Json => {
  const error = new DarkroomError(code, `${errorCatalog[code].title}.`);
  return { summary: code, value: problemOf(error, '00000000-0000-4000-8000-000000000000') };
};

export const problemName = (status: number): string =>
  codesOf(status).length === 0 ? 'Problem' : `Problem${status}`;

const response = (description: string, examples: Json): Json => ({
  description,
  headers: { [correlationHeader]: { $ref: '#/components/headers/CorrelationId' } },
  content: { [problemContentType]: { schema: { $ref: '#/components/schemas/Problem' }, ...examples } },
});

/** A refusal of each status, with the codes that it may have, for `components.responses`. */
export function problemResponses(): Record<string, Json> {
  const statuses = [...new Set(codes.map((code) => errorCatalog[code].status))];
  return {
    Problem: response('A problem (RFC 9457)', {}),
    ...Object.fromEntries(
      statuses
        .filter((status) => codesOf(status).length > 0)
        .map((status) => [
          problemName(status),
          response(
            codesOf(status)
              .map((code) => `\`${code}\`: ${errorCatalog[code].title}`)
              .join('. '),
            { examples: Object.fromEntries(codesOf(status).map((code) => [code, exampleOf(code)])) },
          ),
        ]),
    ),
  };
}
