import { digestContainer } from '../template/ledger-digests.ts';
import { inGroup, ofResource, type Context } from './context.ts';

const version = '2025-06-01';

interface Policy {
  readonly id: string;
  readonly etag: string;
  readonly properties: { readonly state: 'Locked' | 'Unlocked' };
}

/** The policy that keeps digests of the ledger as they are; undefined before the first deployment. */
async function digestPolicy(context: Context): Promise<Policy | undefined> {
  const accounts = await context.client.send<{ value: { id: string; name: string }[] }>(
    'GET',
    inGroup(context, '/providers/Microsoft.Storage/storageAccounts', version),
    { accept: [404] },
  );
  const account = accounts.status === 404 ? undefined : accounts.body.value.find(isOfDigests);
  if (account === undefined) return undefined;
  const path = `/blobServices/default/containers/${digestContainer}/immutabilityPolicies/default`;
  const url = ofResource(account.id, path, version);
  const { status, body } = await context.client.send<Policy>('GET', url, { accept: [404] });
  return status === 404 ? undefined : body;
}

const isOfDigests = ({ name }: { readonly name: string }): boolean => name.startsWith('drledger');

export const areDigestsLocked = async (context: Context): Promise<boolean> =>
  (await digestPolicy(context))?.properties.state === 'Locked';

/** Locks the policy where the stage asks for it: from then on not even the subscription's owner can take it away. */
export async function lockDigests(context: Context): Promise<'locked' | 'locked already' | 'left unlocked'> {
  // Serverless hands `${param:…}` over as text.
  if (String(context.settings.lockLedgerDigests) !== 'true') return 'left unlocked';
  const policy = await digestPolicy(context);
  if (policy === undefined) throw new Error(`the container ${digestContainer} has no immutability policy`);
  if (policy.properties.state === 'Locked') return 'locked already';
  await context.client.send('POST', ofResource(policy.id, '/lock', version), {
    headers: { 'If-Match': policy.etag },
  });
  return 'locked';
}
