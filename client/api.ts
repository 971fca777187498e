import type { Connection } from './connection.ts';

/** A problem document (RFC 9457), as far as it came. */
interface Problem {
  readonly code?: string;
  readonly title?: string;
  readonly detail?: string;
  readonly [field: string]: unknown;
}

/** A problem that the API answered. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly problem: Problem;

  constructor(status: number, problem: Problem) {
    super(problem.detail ?? problem.title ?? `The API answered ${status}.`);
    this.status = status;
    this.code = problem.code ?? `http-${status}`;
    this.problem = problem;
  }
}

export interface ApiRequest {
  readonly method?: string;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly json?: unknown;
  readonly body?: Blob;
  readonly headers?: Readonly<Record<string, string>>;
  /** Who asks, when the local stack issues the token. */
  readonly as?: string;
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
};

/** Calls the API and answers its JSON; throws ApiError, or an Error that says the API is not reachable. */
export async function callApi(
  connection: Connection,
  path: string,
  request: ApiRequest = {},
): Promise<unknown> {
  const url = new URL(`/api${path}`, connection.api);
  for (const [name, value] of Object.entries(request.query ?? {})) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  const response = await fetch(url, {
    method: request.method ?? 'GET',
    headers: {
      authorization: `Bearer ${await connection.token(request.as ?? 'engineering')}`,
      ...(request.json !== undefined && { 'content-type': 'application/json' }),
      ...request.headers,
    },
    ...(request.json !== undefined && { body: JSON.stringify(request.json) }),
    ...(request.body && { body: request.body }),
  }).catch((error: unknown) => {
    const cause = (error as { cause?: { message?: string } }).cause?.message ?? String(error);
    throw new Error(`The API at ${connection.api} cannot be reached: ${cause}`, { cause: error });
  });
  const answer = parse(await response.text());
  if (!response.ok) throw new ApiError(response.status, answer as Problem);
  return answer;
}
