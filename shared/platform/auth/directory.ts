import { DarkroomError } from '../errors.ts';
import { roles, type Role } from './principal.ts';

/** An application role of somebody, and the group that gives it to them; null where it is theirs directly. */
export interface RoleGrant {
  readonly role: Role;
  readonly group: string | null;
}

export interface DirectoryPerson {
  readonly name: string;
  readonly grants: readonly RoleGrant[];
}

export interface Directory {
  /** By sign-in name, mail, object id or full name; undefined where there is nobody. Throws `conflict` where there are more. */
  find(text: string): Promise<DirectoryPerson | undefined>;
}

export interface DirectoryOptions {
  /** Of Microsoft Graph or what answers as it does, with the version. */
  readonly address: string;
  /** The API's client id, whose application roles they are. */
  readonly audience: string;
  readonly token: () => Promise<string>;
}

interface Assignment {
  readonly appRoleId: string;
  readonly principalType: string;
  readonly principalDisplayName: string;
}

interface Application {
  readonly id: string;
  readonly appRoles: readonly { readonly id: string; readonly value: string }[];
}

const timeoutMs = 10_000;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const refusals: Readonly<Record<number, string>> = {
  401: 'The directory does not know this app.',
  403: 'This app may not read the directory (docs/deploy.md, step 8). Give application roles instead of a person.',
};

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** A sign-in name, a mail address, a full name; an object id is compared only with what is one. */
function filterOf(text: string): string {
  const fields = ['userPrincipalName', 'mail', 'displayName', ...(uuid.test(text) ? ['id'] : [])];
  return fields.map((field) => `${field} eq ${literal(text)}`).join(' or ');
}

/** People as Microsoft Graph has them, their roles through groups of which they are direct members included. */
export function makeDirectory({ address, audience, token }: DirectoryOptions): Directory {
  async function read<T>(path: string, query: Readonly<Record<string, string>>): Promise<T> {
    const url = `${address}${path}?${new URLSearchParams(query).toString()}`;
    const headers = { authorization: `Bearer ${await token()}` };
    const response = await fetch(url, { headers, signal: AbortSignal.timeout(timeoutMs) }).catch(
      (cause: unknown) => {
        throw new DarkroomError('unavailable', 'The directory cannot be reached; try again.', { cause });
      },
    );
    if (response.ok) return (await response.json()) as T;
    const message = refusals[response.status] ?? `The directory answered ${response.status}; try again.`;
    throw new DarkroomError('unavailable', message);
  }
  const list = async <T>(path: string, query: Readonly<Record<string, string>>): Promise<readonly T[]> =>
    (await read<{ value: readonly T[] }>(path, query)).value;

  async function grantsOf(person: string): Promise<readonly RoleGrant[]> {
    const [client] = audience.split(',');
    const application = await read<Application>(
      `/servicePrincipals(appId=${literal(client!.trim().replace(/^api:\/\//, ''))})`,
      { $select: 'id,appRoles' },
    );
    const assignments = await list<Assignment>(`/users/${person}/appRoleAssignments`, {
      $filter: `resourceId eq ${application.id}`,
    });
    const valueOf = new Map(application.appRoles.map(({ id, value }) => [id, value]));
    return assignments.flatMap(({ appRoleId, principalType, principalDisplayName }) => {
      const role = roles.find((one) => one === valueOf.get(appRoleId));
      return role === undefined
        ? []
        : [{ role, group: principalType === 'Group' ? principalDisplayName : null }];
    });
  }

  return {
    async find(text) {
      const query = { $filter: filterOf(text), $select: 'id,displayName', $top: '2' };
      const [person, other] = await list<{ id: string; displayName: string }>('/users', query);
      if (person === undefined) return undefined;
      if (other !== undefined)
        throw new DarkroomError(
          'conflict',
          'Several people have this name: give a sign-in name or an object id.',
        );
      return { name: person.displayName, grants: await grantsOf(person.id) };
    },
  };
}
