import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { personas } from '../../../../../infra/local/identity/personas.ts';
import { startIdentity } from '../../../../../infra/local/identity/server.ts';
import { makeDirectory, type Directory } from '../../../../../shared/platform/auth/directory.ts';
import { personOf } from '../../../../../shared/platform/auth/person.ts';
import { DarkroomError } from '../../../../../shared/platform/errors.ts';

const token = () => Promise.resolve('a token');
const refusalOf = async (work: Promise<unknown>): Promise<DarkroomError> => {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof DarkroomError) return error;
  throw new Error(`It ended with ${String(error)}.`);
};

describe('the directory of this machine', () => {
  let state: string;
  let identity: Awaited<ReturnType<typeof startIdentity>>;
  let directory: Directory;

  beforeAll(async () => {
    state = await mkdtemp(`${tmpdir()}/darkroom-directory-`);
    identity = await startIdentity({ directory: state, port: 0 });
    directory = makeDirectory({
      address: `${identity.issuer}/graph/v1.0`,
      audience: 'api://darkroom',
      token,
    });
  });
  afterAll(async () => {
    await identity.close();
    await rm(state, { recursive: true, force: true });
  });

  test.each(Object.entries(personas))('knows %s by name, sign-in name, mail and id', async (key, persona) => {
    const { name, oid, roles } = persona;
    for (const text of [name, name.toLowerCase(), key, `${key}@darkroom.example`, oid]) {
      const found = await directory.find(text);
      expect([text, found?.name, found?.grants.map(({ role }) => role)]).toEqual([text, name, [...roles]]);
    }
  });

  test('says through which group somebody has a role', async () => {
    expect((await directory.find('logistics-lead'))?.grants).toEqual([
      { role: 'Logistics', group: 'Team Logistics' },
      { role: 'LogisticsLead', group: 'Team Logistics Lead' },
    ]);
  });

  test.each(['Nobody', "O'Brien", "x' or displayName eq 'Samir Rossi", '%', '..'])(
    'has nobody called %s',
    async (text) => {
      expect(await directory.find(text)).toBeUndefined();
    },
  );

  test('is not asked about application roles, and named where somebody is not in it', async () => {
    const person = await personOf('Sales, Analytics', directory);
    expect(person.name).toBe('Whoever has Sales, Analytics');
    expect(person.grants).toEqual([
      { role: 'Sales', group: null },
      { role: 'Analytics', group: null },
    ]);
    expect(await refusalOf(personOf('Sales,Nobody', directory))).toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('Nobody of the directory is called so.'),
    });
    expect(await refusalOf(personOf('Samir Rossi', undefined))).toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('No directory is connected'),
    });
  });
});

describe('Microsoft Graph', () => {
  /** What it answers to the next requests, by path; a number is a status. */
  let answers: Readonly<Record<string, unknown>> = {};
  const asked: { path: string; query: URLSearchParams; authorization: string | undefined }[] = [];
  const server = createServer(({ url, headers }, response) => {
    const { pathname, searchParams: query } = new URL(url!, 'http://localhost');
    const path = decodeURIComponent(pathname);
    asked.push({ path, query, authorization: headers.authorization });
    const answer = answers[path] ?? 404;
    response.writeHead(typeof answer === 'number' ? answer : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer));
  });
  let directory: Directory;

  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    directory = makeDirectory({ address, audience: 'api://client-id', token });
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  const ana = { id: 'ana-id', displayName: 'Ana' };

  test('is asked for the person, our application and their assignments to it, as this app', async () => {
    answers = {
      '/users': { value: [ana] },
      "/servicePrincipals(appId='client-id')": {
        id: 'ours',
        appRoles: [
          { id: 'r1', value: 'Sales' },
          { id: 'r2', value: 'Engineering' },
          { id: 'r3', value: 'OfAnotherVersion' },
        ],
      },
      '/users/ana-id/appRoleAssignments': {
        value: [
          { appRoleId: 'r1', principalType: 'Group', principalDisplayName: 'The sales people' },
          { appRoleId: 'r2', principalType: 'User', principalDisplayName: 'Ana' },
          { appRoleId: 'r3', principalType: 'User', principalDisplayName: 'Ana' },
          {
            appRoleId: '00000000-0000-0000-0000-000000000000',
            principalType: 'User',
            principalDisplayName: 'Ana',
          },
        ],
      },
    };
    asked.length = 0;
    expect(await directory.find("Ana O'Hara")).toEqual({
      name: 'Ana',
      grants: [
        { role: 'Sales', group: 'The sales people' },
        { role: 'Engineering', group: null },
      ],
    });
    expect(asked.map(({ path }) => path)).toEqual(Object.keys(answers));
    expect(asked.map(({ authorization }) => authorization)).toEqual(asked.map(() => 'Bearer a token'));
    expect(asked[0]!.query.get('$filter')).toBe(
      "userPrincipalName eq 'Ana O''Hara' or mail eq 'Ana O''Hara' or displayName eq 'Ana O''Hara'",
    );
    expect(asked[2]!.query.get('$filter')).toBe('resourceId eq ours');
  });

  test('that knows two of the name makes the caller say which', async () => {
    answers = { '/users': { value: [ana, { ...ana, id: 'other' }] } };
    expect((await refusalOf(directory.find('Ana'))).code).toBe('conflict');
  });

  test.each([
    [403, /may not read the directory \(docs\/deploy\.md/],
    [429, /answered 429; try again/],
    [500, /answered 500; try again/],
  ])('that answers %i makes it unavailable, and says why', async (status, message) => {
    answers = { '/users': status };
    const error = await refusalOf(directory.find('Ana'));
    expect(error.code).toBe('unavailable');
    expect(error.message).toMatch(message);
  });

  test('that cannot be reached makes it unavailable', async () => {
    const away = makeDirectory({ address: 'http://127.0.0.1:1', audience: 'x', token });
    expect((await refusalOf(away.find('Ana'))).code).toBe('unavailable');
  });
});
