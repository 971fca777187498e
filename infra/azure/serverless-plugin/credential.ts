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

/** GitHub's word on which workflow this is; Entra takes it where a federated credential says so. */
async function gitHubToken(url: string, bearer: string): Promise<string> {
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
  const gitHubUrl = environment['ACTIONS_ID_TOKEN_REQUEST_URL'];
  const gitHubBearer = environment['ACTIONS_ID_TOKEN_REQUEST_TOKEN'];
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
  if (tenant && client && gitHubUrl && gitHubBearer) {
    return {
      how: `GitHub workflow as ${client}`,
      credential: new ClientAssertionCredential(tenant, client, () => gitHubToken(gitHubUrl, gitHubBearer)),
    };
  }
  return {
    how: 'az login',
    credential: new AzureCliCredential({ processTimeoutInMs: 30_000, ...(tenant && { tenantId: tenant }) }),
  };
}
