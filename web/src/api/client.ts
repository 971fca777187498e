import { consoleConfig } from '../session/config.ts';
import { accessToken, renew } from '../session/session.ts';
import { problemOf, unreachable } from './problem.ts';

export interface CallOptions {
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly json?: unknown;
  readonly body?: BodyInit;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

/** Where the API answers `path`. */
export async function apiUrl(path: string, query: CallOptions['query'] = {}): Promise<string> {
  const { apiBase } = await consoleConfig();
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') parameters.set(name, String(value));
  }
  const text = parameters.toString();
  return `${apiBase}${path}${text === '' ? '' : `?${text}`}`;
}

async function send(path: string, options: CallOptions): Promise<Response> {
  const { method = 'GET', query, json, body, headers, signal } = options;
  const token = await accessToken();
  const init: RequestInit = {
    method,
    headers: {
      accept: 'application/json, application/problem+json',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(json !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(json !== undefined ? { body: JSON.stringify(json) } : body !== undefined ? { body } : {}),
    ...(signal && { signal }),
  };
  try {
    return await fetch(await apiUrl(path, query), init);
  } catch (error) {
    if (signal?.aborted === true) throw error;
    throw unreachable();
  }
}

/** Calls the API as the person who is signed in; throws `Problem` for whatever is not a success. */
export async function call(path: string, options: CallOptions = {}): Promise<Response> {
  let response = await send(path, options);
  if (response.status === 401 && (await renew())) response = await send(path, options);
  if (!response.ok) throw await problemOf(response);
  return response;
}

/** The same, answering the JSON of the body. */
export async function callJson<T>(path: string, options: CallOptions = {}): Promise<T> {
  const response = await call(path, options);
  return (await response.json()) as T;
}
