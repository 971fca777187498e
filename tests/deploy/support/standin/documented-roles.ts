import { readFileSync } from 'node:fs';

/** Roles that docs/deploy.md gives to who deploys. */
export const documentedRoles = (): readonly string[] => {
  const guide = readFileSync(new URL('../../../../docs/deploy.md', import.meta.url), 'utf8');
  return [
    ...guide.matchAll(/role assignment create --assignee \$DEPLOYER --role "?([^"\n]+?)"? --scope/g),
  ].map(([, role]) => role ?? '');
};
