export interface Issue {
  readonly path: string;
  readonly message: string;
}

/** A refusal of the API (RFC 9457), or that it could not be reached (`unreachable`, status 0). */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: string;
  readonly status: number;
  readonly title: string;
  readonly issues: readonly Issue[];
  readonly details: Readonly<Record<string, unknown>>;
  /** Names the request in the logs. */
  readonly instance: string | undefined;

  constructor(given: {
    code: string;
    status: number;
    title: string;
    detail: string;
    issues?: readonly Issue[];
    details?: Readonly<Record<string, unknown>>;
    instance?: string | undefined;
  }) {
    super(given.detail);
    this.code = given.code;
    this.status = given.status;
    this.title = given.title;
    this.issues = given.issues ?? [];
    this.details = given.details ?? {};
    this.instance = given.instance;
  }

  /** No answer of the API at all, or one that says to try again. */
  get isTransient(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

export const unreachable = (): Problem =>
  new Problem({
    code: 'unreachable',
    status: 0,
    title: 'Darkroom cannot be reached',
    detail: 'The connection is down or the service does not answer.',
  });

interface ProblemDocument {
  readonly code?: string;
  readonly title?: string;
  readonly detail?: string;
  readonly instance?: string;
  readonly issues?: readonly Issue[];
  readonly details?: Readonly<Record<string, unknown>>;
}

/** The problem that an answer holds; one that is no problem document is described by its status. */
export async function problemOf(response: Response): Promise<Problem> {
  const body = await response.json().then(
    (value: unknown) => value as ProblemDocument,
    (): ProblemDocument => ({}),
  );
  return new Problem({
    code: body.code ?? `http-${response.status}`,
    status: response.status,
    title: body.title ?? 'The request failed',
    detail: body.detail ?? `The service answered ${response.status}.`,
    issues: body.issues ?? [],
    details: body.details ?? {},
    instance: body.instance ?? response.headers.get('x-correlation-id') ?? undefined,
  });
}

/** Whatever was thrown, as a problem that can be shown. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof TypeError) return unreachable();
  return new Problem({
    code: 'console',
    status: 0,
    title: 'Something went wrong in this page',
    detail: error instanceof Error ? error.message : String(error),
  });
}
