import { makeApi, type Api } from './api.ts';

export interface KafkaEndpoint {
  readonly broker: string;
  /** Event Hubs connection string, which is the SASL password. */
  readonly connectionString: string;
}

/** Where the API and the hubs are, and how to get a token for them. */
export interface Connection {
  readonly api: string;
  readonly token: (persona: string) => Promise<string>;
  kafka(): KafkaEndpoint;
}

/** The API of a connection. `persona` is who asks, where the local stack issues the token. */
export const apiOf = ({ api, token }: Connection, persona = 'engineering'): Api =>
  makeApi({ baseUrl: new URL('/api', api).href, token: () => token(persona) });

/** Fetches a persona's token once and hands it on from then. */
export function cachedTokens(fetchToken: (persona: string) => Promise<string>): Connection['token'] {
  const tokens = new Map<string, Promise<string>>();
  return (persona) => {
    const token = tokens.get(persona) ?? fetchToken(persona);
    tokens.set(persona, token);
    return token;
  };
}
