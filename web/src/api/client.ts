import { answerOf, makeApi, type Api, type ApiCall } from '../../../client/api.ts';
import { consoleConfig } from '../session/config.ts';
import { accessToken, renew } from '../session/session.ts';

let made: Api | undefined;

/** The API, asked as the person who is signed in. */
export async function openApi(): Promise<Api> {
  const { apiBase } = await consoleConfig();
  return (made ??= makeApi({ baseUrl: apiBase, token: accessToken, renew }));
}

/** What the API answers; throws ApiError for whatever is not a success. */
export const ask = async <T>(question: (api: Api) => ApiCall<T>): Promise<T> =>
  (await answerOf(question(await openApi()))).data;
