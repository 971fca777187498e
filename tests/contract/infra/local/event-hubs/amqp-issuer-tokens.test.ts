import { rm } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { startIdentity } from '../../../../../infra/local/identity/server.ts';
import { hubs } from '../../../../../shared/stream/hubs.ts';
import { AmqpClient, audience as namespaceName } from './amqp-wire-client.ts';
import { issuerToken, startTemporary, temporaryDirectory } from './support.ts';

/* Sign-in as with `TokenCredential`: the token of the issuer goes to $cbs as it is ("Authorize with Microsoft Entra ID"). */

const service = 'https://eventhubs.azure.net';

let identity: Awaited<ReturnType<typeof startIdentity>>;
let directory: string;
let eventHubs: Awaited<ReturnType<typeof startTemporary>>;
let client: AmqpClient;
beforeAll(async () => {
  directory = await temporaryDirectory();
  identity = await startIdentity({ directory, port: 0 });
  eventHubs = await startTemporary({ issuer: identity.issuer });
});
afterAll(async () => {
  await eventHubs.stop();
  await identity.close();
  await rm(directory, { recursive: true, force: true });
});
beforeEach(() => {
  client = new AmqpClient(eventHubs.amqpPort);
});
afterEach(() => client.close());

const token = (...asked: [persona: string, audience: string, expiresIn?: number]) =>
  issuerToken(identity.issuer, ...asked);
const read = { operation: 'READ', name: hubs.stream, type: 'com.microsoft:eventhub' };

async function statusOfLink(target: string): Promise<unknown> {
  const { attach, fault } = await client.link('sender', { target });
  return attach.target?.address ?? (await fault)['condition'];
}

describe('a token of the issuer', () => {
  test.each([service, `${service}/`, 'https://127.0.0.1'])('for %s opens the namespace', async (audience) => {
    const answer = await client.putToken(await token('engineering', audience), namespaceName(hubs.stream));
    expect(answer.status).toBe(202);
    expect(await statusOfLink(hubs.stream)).toBe(hubs.stream);
    expect(await client.request('$management', read)).toMatchObject({ status: 200 });
  });

  test('comes with a request to $management, too', async () => {
    const good = await token('engineering', service);
    expect(await client.request('$management', { ...read, security_token: good })).toMatchObject({
      status: 200,
    });
    expect(await client.request('$management', { ...read, security_token: `${good}x` })).toMatchObject({
      status: 401,
    });
  });

  test('opens nothing for something else, without the role, expired, or when it is none', async () => {
    for (const bad of [
      await token('engineering', 'api://darkroom'),
      await token('uploader', service),
      await token('engineering', service, -60),
      'not.a.token',
      '',
    ]) {
      expect((await client.putToken(bad, namespaceName(hubs.stream))).status).toBe(401);
      expect(await statusOfLink(hubs.stream)).toBe('amqp:unauthorized-access');
    }
    const elsewhere = await client.putToken(await token('engineering', service), 'sb://other.example/hub');
    expect(elsewhere.status).toBe(401);
  });

  test('ends the links that live by it when it expires', async () => {
    await client.putToken(await token('engineering', service, 2), namespaceName(hubs.stream));
    const { fault } = await client.link('sender', { target: hubs.stream });
    expect(await fault).toMatchObject({ description: expect.stringContaining('ExpiredToken') });
  });
});
