import type { Issue, Problem } from './api-types.ts';

interface ApiErrorFields extends Partial<Omit<Problem, 'code'>> {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  /** Of the API, or one that says what kept it from answering: `unreachable`, `http-502`. */
  readonly code: string;
}

/** A refusal of the API (RFC 9457), or that it could not be reached (`unreachable`, status 0). */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: string;
  readonly status: number;
  readonly title: string;
  readonly issues: readonly Issue[];
  readonly details: Readonly<Record<string, unknown>>;
  /** Names the request in the logs. */
  readonly instance: string | undefined;

  constructor(fields: ApiErrorFields, options?: ErrorOptions) {
    super(fields.detail, options);
    this.code = fields.code;
    this.status = fields.status;
    this.title = fields.title;
    this.issues = fields.issues ?? [];
    this.details = fields.details ?? {};
    this.instance = fields.instance;
  }

  /** No answer of the API at all, or one that says to try again. */
  get isTransient(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

export const unreachable = (address?: string, cause?: unknown): ApiError =>
  new ApiError(
    {
      code: 'unreachable',
      status: 0,
      title: 'Darkroom cannot be reached',
      detail: 'The connection is down or the service does not answer.',
      ...(address !== undefined && { details: { address } }),
    },
    { cause },
  );

/** A body as JSON; undefined where it is none. */
export const parsedBody = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** The error in a body that was read; a body that is no problem document is described by its status. */
export function apiErrorOf(
  response: { readonly status: number; readonly headers: { get(name: string): string | null } },
  body: unknown,
): ApiError {
  const problem: Partial<Problem> = typeof body === 'object' && body !== null ? body : {};
  const instance = problem.instance ?? response.headers.get('x-correlation-id') ?? undefined;
  return new ApiError({
    code: `http-${response.status}`,
    title: 'The request failed',
    detail: `The service answered ${response.status}.`,
    ...problem,
    status: response.status,
    ...(instance !== undefined && { instance }),
  });
}

/** Whatever was thrown, as an error that can be shown. */
export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof TypeError) return unreachable();
  return new ApiError({
    code: 'client',
    status: 0,
    title: 'Something went wrong in this page',
    detail: error instanceof Error ? error.message : String(error),
  });
}
