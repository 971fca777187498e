import { answerOf, type Api, type ApiCall } from '../../client/api.ts';
import { apiOf, cachedTokens, type Connection } from '../../client/connection.ts';
import { fetchToken } from '../../client/local-token.ts';
import { isExpired } from '../../client/token-expiry.ts';
import { defaultStateDir, runningStack } from '../../infra/local/supervisor/state.ts';

/** The API that DARKROOM_API_URL and DARKROOM_TOKEN name, or the stack that runs on this machine. */
export function connect(environment: NodeJS.ProcessEnv = process.env): Connection {
  const { DARKROOM_API_URL, DARKROOM_TOKEN, DARKROOM_KAFKA, DARKROOM_EVENT_HUBS } = environment;
  const stack = runningStack(defaultStateDir());
  const api = DARKROOM_API_URL ?? stack?.api;
  if (api === undefined) {
    throw new Error(
      'No stack runs here. Start one with "npm start", or set DARKROOM_API_URL and DARKROOM_TOKEN.',
    );
  }
  const fromStack = cachedTokens((persona) => fetchToken(stack!.identity, persona));
  return {
    api,
    token(persona) {
      if (DARKROOM_TOKEN !== undefined) {
        // Said before a file is sent for nothing.
        if (isExpired(DARKROOM_TOKEN)) throw new Error('DARKROOM_TOKEN has expired: get another one.');
        return Promise.resolve(DARKROOM_TOKEN);
      }
      if (!stack || DARKROOM_API_URL !== undefined) throw new Error('Set DARKROOM_TOKEN to an access token.');
      return fromStack(persona);
    },
    kafka() {
      const broker = DARKROOM_KAFKA ?? stack?.kafka;
      const connectionString = DARKROOM_EVENT_HUBS ?? stack?.hubs;
      if (broker === undefined || connectionString === undefined) {
        throw new Error('Set DARKROOM_KAFKA (host:port) and DARKROOM_EVENT_HUBS (connection string).');
      }
      return { broker, connectionString };
    },
  };
}

/** What the API answers to engineering; throws ApiError for whatever is not a success. */
export const ask = async <T>(question: (api: Api) => ApiCall<T>): Promise<T> =>
  (await answerOf(question(apiOf(connect())))).data;
