import { inGroup, ofResource, type Context } from './context.ts';
import { areDigestsLocked } from './lock-digests.ts';

const version = '2024-01-01';
/** The one in which pairings are asked for; see template/resource.ts. */
const pairingVersion = '2023-01-01-preview';

interface Listed {
  readonly value: readonly { readonly id: string }[];
}

/**
 * Parameters that say what is there already: paired namespaces take no second pairing, and their secondary no update; a
 * locked policy takes none either.
 */
export async function observedParameters(
  context: Context,
): Promise<Readonly<Record<string, { value: unknown }>>> {
  const { status, body } = await context.client.send<Listed>(
    'GET',
    inGroup(context, '/providers/Microsoft.EventHub/namespaces', version),
    { accept: [404] },
  );
  let paired = false;
  for (const { id } of status === 404 ? [] : body.value) {
    const { body: pairings } = await context.client.send<Listed>(
      'GET',
      ofResource(id, '/disasterRecoveryConfigs', pairingVersion),
    );
    paired ||= pairings.value.length > 0;
  }
  return {
    eventHubsPaired: { value: paired },
    ledgerDigestsLocked: { value: await areDigestsLocked(context) },
  };
}
