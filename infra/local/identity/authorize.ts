import { createHash, randomBytes } from 'node:crypto';

export interface AuthorizationRequest {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly codeChallenge: string;
  readonly nonce: string | undefined;
  /** Behind `#` the code is in no log of a server on the way; behind `?` it is. */
  readonly responseMode: 'query' | 'fragment';
}

interface Grant extends AuthorizationRequest {
  readonly persona: string;
  readonly expires: number;
}

/** An error of the OAuth protocol: `error` is its code, the message its description. */
export class OAuthError extends Error {
  readonly error: string;
  constructor(error: string, message: string) {
    super(message);
    this.error = error;
  }
}

/** Only pages of this machine may get a code. */
export const isLoopback = (uri: string): boolean =>
  URL.canParse(uri) && ['localhost', '127.0.0.1', '[::1]'].includes(new URL(uri).hostname);

/** Reads and checks what an authorize request asks; throws OAuthError. */
export function readAuthorizationRequest(query: URLSearchParams): AuthorizationRequest {
  const need = (name: string) => {
    const value = query.get(name);
    if (!value) throw new OAuthError('invalid_request', `${name} is missing.`);
    return value;
  };
  const redirectUri = need('redirect_uri');
  if (!isLoopback(redirectUri)) {
    throw new OAuthError('invalid_request', 'redirect_uri must be on this machine (localhost).');
  }
  if (need('response_type') !== 'code') {
    throw new OAuthError('unsupported_response_type', 'Only the code flow is offered.');
  }
  if (query.get('code_challenge_method') !== 'S256') {
    throw new OAuthError('invalid_request', 'PKCE with code_challenge_method=S256 is needed.');
  }
  const responseMode = query.get('response_mode') ?? 'query';
  if (responseMode !== 'query' && responseMode !== 'fragment') {
    throw new OAuthError('invalid_request', 'response_mode is query or fragment.');
  }
  return {
    responseMode,
    clientId: need('client_id'),
    redirectUri,
    codeChallenge: need('code_challenge'),
    nonce: query.get('nonce') ?? undefined,
  };
}

const codeLifetimeMs = 60_000;

/** Where the browser goes back to, with what the client waits for. */
export function redirectTo(request: AuthorizationRequest, answer: Readonly<Record<string, string>>): string {
  const target = new URL(request.redirectUri);
  if (request.responseMode === 'fragment') target.hash = new URLSearchParams(answer).toString();
  else for (const [name, value] of Object.entries(answer)) target.searchParams.set(name, value);
  return target.href;
}

/** Authorization codes: each is good once, for a minute, for the client that asked and holds the verifier. */
export function makeCodes(now: () => number = Date.now) {
  const grants = new Map<string, Grant>();
  return {
    issue(request: AuthorizationRequest, persona: string): string {
      const code = randomBytes(32).toString('base64url');
      grants.set(code, { ...request, persona, expires: now() + codeLifetimeMs });
      return code;
    },

    redeem(form: URLSearchParams): Grant {
      const code = form.get('code') ?? '';
      const grant = grants.get(code);
      grants.delete(code);
      const challenge = createHash('sha256')
        .update(form.get('code_verifier') ?? '')
        .digest('base64url');
      const holds =
        grant !== undefined &&
        grant.expires > now() &&
        grant.codeChallenge === challenge &&
        grant.redirectUri === form.get('redirect_uri') &&
        grant.clientId === form.get('client_id');
      if (!holds) throw new OAuthError('invalid_grant', 'The code is used, expired or not for this client.');
      return grant;
    },
  };
}
