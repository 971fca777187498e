import createClient, { type Client } from 'openapi-fetch';
import { apiErrorOf, unreachable } from './api-error.ts';
import type { paths } from './api-types.ts';
import { explainBlock } from './edge-block.ts';

/** The API: a method for each verb, which knows the paths, what each takes and what it answers. */
export type Api = Client<paths>;

export interface ApiOptions {
  /** Where the API answers, with its prefix: `https://HOST/api`. */
  readonly baseUrl: string;
  readonly token: () => Promise<string | undefined>;
  /** After a 401: whether there is another token now, so that asking again may help. */
  readonly renew?: () => Promise<boolean>;
}

async function send(request: Request, token: string | undefined): Promise<Response> {
  if (token !== undefined) request.headers.set('authorization', `Bearer ${token}`);
  try {
    return await fetch(request);
  } catch (error) {
    if (request.signal.aborted) throw error;
    throw unreachable(request.url, error);
  }
}

export const makeApi = ({ baseUrl, token, renew }: ApiOptions): Api =>
  createClient<paths>({
    baseUrl,
    async fetch(request) {
      if (renew === undefined) return send(request, await token());
      const response = await send(request.clone(), await token());
      return response.status === 401 && (await renew()) ? send(request, await token()) : response;
    },
  });

/** A call under way, as the client's methods answer it. */
export type ApiCall<T> = Promise<
  | { readonly data: T; readonly error?: never; readonly response: Response }
  | { readonly data?: never; readonly error: unknown; readonly response: Response }
>;

/** What the API answered, read, and the response around it. Throws ApiError for whatever is not a success. */
export async function answerOf<T>(call: ApiCall<T>): Promise<{ data: T; response: Response }> {
  const { data, error, response } = await call;
  if (!response.ok) throw await explainBlock(apiErrorOf(response, error), response.url);
  return { data: data as T, response };
}
