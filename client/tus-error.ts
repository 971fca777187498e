import { DetailedError } from 'tus-js-client';
import { apiErrorOf, asApiError, parsedBody, unreachable, type ApiError } from './api-error.ts';
import { explainBlock } from './edge-block.ts';

/** What a resumable upload failed with; `endpoint` is where it was begun. */
export async function apiErrorOfTus(error: Error | DetailedError, endpoint: string): Promise<ApiError> {
  if (!(error instanceof DetailedError)) return asApiError(error);
  const response = error.originalResponse;
  if (!response) return unreachable(endpoint, error);
  const headers = { get: (name: string) => response.getHeader(name) ?? null };
  const problem = apiErrorOf({ status: response.getStatus(), headers }, parsedBody(response.getBody()));
  return explainBlock(problem, endpoint);
}
