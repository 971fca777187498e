import { DarkroomError } from '../errors.ts';
import type { Directory, DirectoryPerson } from './directory.ts';
import { roles, type Role } from './principal.ts';

/** `Sales,Analytics`: whoever has these; undefined where the text names anything else. */
function holderOf(text: string): DirectoryPerson | undefined {
  const named = text.split(',').map((part) => roles.find((role): role is Role => role === part.trim()));
  if (!named.every((role) => role !== undefined)) return undefined;
  return { name: `Whoever has ${named.join(', ')}`, grants: named.map((role) => ({ role, group: null })) };
}

/** Application roles, or somebody of the directory. Throws `not-found` with what else can be said. */
export async function personOf(text: string, directory: Directory | undefined): Promise<DirectoryPerson> {
  const person = holderOf(text) ?? (await directory?.find(text));
  if (person !== undefined) return person;
  const names =
    directory === undefined
      ? 'No directory is connected, so give'
      : 'Nobody of the directory is called so. Give a full name, a sign-in name, an object id, or';
  throw new DarkroomError('not-found', `${names} application roles as a token has them: ${roles.join(',')}.`);
}
