export interface TokenOptions {
  readonly audience?: string;
  /** Seconds. */
  readonly expiresIn?: number;
}

/** An access token for a persona, from the issuer of a local stack. */
export async function fetchToken(
  issuer: string,
  persona: string,
  { audience, expiresIn }: TokenOptions = {},
): Promise<string> {
  const body = new URLSearchParams({ persona });
  if (audience !== undefined) body.set('audience', audience);
  if (expiresIn !== undefined) body.set('expires_in', String(expiresIn));
  const response = await fetch(`${issuer}/token`, { method: 'POST', body });
  const answer = (await response.json()) as { access_token?: string; error_description?: string };
  if (answer.access_token === undefined) throw new Error(answer.error_description ?? 'No token was issued.');
  return answer.access_token;
}
