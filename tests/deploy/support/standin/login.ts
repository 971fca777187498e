import { randomUUID } from 'node:crypto';
import type { Call, Reply, State } from './state.ts';

const issuer = 'https://login.microsoftonline.com';

/** What MSAL asks before it asks for a token, the token itself, and GitHub's identity tokens. */
export function login(state: State, call: Call): Reply {
  const { path } = call;
  if (call.host === 'token.actions.example') {
    const good =
      call.headers['authorization'] === 'Bearer workflow' &&
      call.query.get('audience') === 'api://AzureADTokenExchange';
    return good ? { status: 200, json: { value: 'github-assertion' } } : { status: 401 };
  }
  if (path.endsWith('/discovery/instance')) {
    return {
      status: 200,
      json: {
        tenant_discovery_endpoint: `${issuer}/tenant/v2.0/.well-known/openid-configuration`,
        'api-version': '1.1',
        metadata: [
          {
            preferred_network: 'login.microsoftonline.com',
            preferred_cache: 'login.windows.net',
            aliases: ['login.microsoftonline.com'],
          },
        ],
      },
    };
  }
  const tenant = path.split('/')[1] ?? '';
  if (path.endsWith('/.well-known/openid-configuration')) {
    return {
      status: 200,
      json: {
        issuer: `${issuer}/${tenant}/v2.0`,
        authorization_endpoint: `${issuer}/${tenant}/oauth2/v2.0/authorize`,
        token_endpoint: `${issuer}/${tenant}/oauth2/v2.0/token`,
        jwks_uri: `${issuer}/${tenant}/discovery/v2.0/keys`,
      },
    };
  }
  return path.endsWith('/oauth2/v2.0/token') ? token(state, call) : { status: 404 };
}

function token(state: State, call: Call): Reply {
  const form = new URLSearchParams(call.body.toString('utf8'));
  const bySecret = form.get('client_secret') === 'rehearsal-secret';
  const byAssertion =
    form.get('client_assertion') === 'github-assertion' || form.get('client_assertion') === 'file-assertion';
  if (form.get('grant_type') !== 'client_credentials' || !(bySecret || byAssertion)) {
    return {
      status: 401,
      json: {
        error: 'invalid_client',
        error_description: 'AADSTS7000215: Invalid client secret provided.',
        error_codes: [7000215],
      },
    };
  }
  const scope = (form.get('scope') ?? '').split(' ').find((one) => one.endsWith('/.default')) ?? '';
  const value = randomUUID();
  state.tokens.set(value, scope);
  return {
    status: 200,
    json: { token_type: 'Bearer', expires_in: 3599, ext_expires_in: 3599, access_token: value },
  };
}
