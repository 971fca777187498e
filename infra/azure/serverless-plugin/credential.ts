import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AzureCliCredential,
  ClientAssertionCredential,
  ClientSecretCredential,
  WorkloadIdentityCredential,
  type TokenCredential,
} from '@azure/identity';
import {
  createDefaultHttpClient,
  createPipelineFromOptions,
  createPipelineRequest,
} from '@azure/core-rest-pipeline';

export interface SignIn {
  readonly credential: TokenCredential;
  readonly how: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Set inside a GitHub workflow that may ask for identity tokens. */
function gitHub(environment: Environment): { url: string; bearer: string } | undefined {
  const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: bearer } = environment;
  return url && bearer ? { url, bearer } : undefined;
}

/**
 * What a child process finds to sign in as this one does. GitHub's tokens live ten minutes and a deployment longer, so
 * each child gets a fresh one in a file; the other ways are in its environment already.
 */
export async function signInOfChild(environment: Environment = process.env): Promise<Record<string, string>> {
  const workflow = gitHub(environment);
  if (!workflow || environment['AZURE_CLIENT_SECRET'] || environment['AZURE_FEDERATED_TOKEN_FILE']) return {};
  const file = join(mkdtempSync(join(tmpdir(), 'darkroom-sign-in-')), 'token');
  writeFileSync(file, await gitHubToken(workflow), { mode: 0o600 });
  return { AZURE_FEDERATED_TOKEN_FILE: file };
}

/** GitHub's word on which workflow this is; Entra takes it where a federated credential says so. */
async function gitHubToken({ url, bearer }: { url: string; bearer: string }): Promise<string> {
  const request = createPipelineRequest({
    url: `${url}&audience=${encodeURIComponent('api://AzureADTokenExchange')}`,
  });
  request.headers.set('Authorization', `Bearer ${bearer}`);
  const pipeline = createPipelineFromOptions({ retryOptions: { maxRetries: 3, retryDelayInMs: 500 } });
  const response = await pipeline.sendRequest(createDefaultHttpClient(), request);
  if (response.status !== 200)
    throw new Error(`GitHub answered ${response.status} when asked for an identity token`);
  return (JSON.parse(response.bodyAsText ?? '{}') as { value: string }).value;
}

/**
 * The way to sign in that the environment offers, never one that opens a browser or waits for a person:
 * a service principal, a federated token (file, or GitHub's own), or who is signed in to the `az` command.
 */
export function chooseCredential(environment: Environment = process.env): SignIn {
  const tenant = environment['AZURE_TENANT_ID'];
  const client = environment['AZURE_CLIENT_ID'];
  const secret = environment['AZURE_CLIENT_SECRET'];
  const tokenFile = environment['AZURE_FEDERATED_TOKEN_FILE'];
  const workflow = gitHub(environment);
  if (tenant && client && secret) {
    return {
      how: `service principal ${client}`,
      credential: new ClientSecretCredential(tenant, client, secret),
    };
  }
  if (tenant && client && tokenFile) {
    return {
      how: `federated token for ${client}`,
      credential: new WorkloadIdentityCredential({
        tenantId: tenant,
        clientId: client,
        tokenFilePath: tokenFile,
      }),
    };
  }
  if (tenant && client && workflow) {
    return {
      how: `GitHub workflow as ${client}`,
      credential: new ClientAssertionCredential(tenant, client, () => gitHubToken(workflow)),
    };
  }
  return {
    how: 'az login',
    credential: new AzureCliCredential({ processTimeoutInMs: 30_000, ...(tenant && { tenantId: tenant }) }),
  };
}
