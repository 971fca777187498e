import { ofResource, type Context, type Outputs } from './context.ts';

const version = '2025-06-01';

interface Connection {
  readonly id: string;
  readonly properties: {
    readonly privateLinkServiceConnectionState: { readonly status: string; readonly description?: string };
  };
}

/** Front Door asks to come in to the console's storage by a private link; the owner has to say yes, once. */
export async function approvePrivateLinks(context: Context, outputs: Outputs): Promise<number> {
  if (!outputs.privateNetwork) return 0;
  const { body } = await context.client.send<{ value: Connection[] }>(
    'GET',
    ofResource(outputs.webAccountId, '/privateEndpointConnections', version),
  );
  const pending = body.value.filter(
    ({ properties: { privateLinkServiceConnectionState: state } }) =>
      state.status === 'Pending' && state.description === 'darkroom-front-door',
  );
  for (const { id } of pending) {
    await context.client.send('PUT', ofResource(id, '', version), {
      json: {
        properties: {
          privateLinkServiceConnectionState: { status: 'Approved', description: 'darkroom-front-door' },
        },
      },
    });
  }
  return pending.length;
}
