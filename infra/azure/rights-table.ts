/**
 * The table of identities and rights in docs/security.md, made from the template's role assignments:
 * `node infra/azure/rights-table.ts --write` brings the document up to date; a test holds it so.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { identities, ownRoles, roles } from './template/identities.ts';
import { template, type TemplateResource } from './template/template.ts';

interface Assignment {
  readonly roleDefinitionId: string;
  readonly principalId: string;
  readonly description: string;
}

/** Each role by what an assignment's role definition id holds of it. */
const roleNames: readonly (readonly [part: string, name: string])[] = [
  ...Object.entries(roles).map(([name, id]) => [id, name] as const),
  ...Object.entries(ownRoles).map(([name, { id }]) => [id.source, `${name} (own role)`] as const),
];

export function roleOf(id: string): string {
  const name = roleNames.find(([part]) => id.includes(part))?.[1];
  if (name === undefined) throw new Error(`No role of infra/azure/template/identities.ts has the id ${id}.`);
  return name;
}

function principalOf(id: string): string {
  const name = Object.entries(identities).find(([, { id: own }]) => id.includes(own.source))?.[0];
  if (name !== undefined) return name;
  if (id.includes("'Full'"))
    return id.includes('Microsoft.Sql/servers')
      ? `SQL server${/'2'/.test(id) ? ', second region' : ''}`
      : 'Synapse workspace';
  const parameter = /parameters\('(\w+)'\)/.exec(id)?.[1];
  return parameter?.replace('PrincipalId', '') ?? id;
}

/** The last names of a resourceId expression: `storageAccounts/…/containers raw`. */
function scopeOf({ scope = '' }: TemplateResource): string {
  const type = /resourceId\('([^']+)'/.exec(scope)?.[1] ?? '';
  const literals = [...scope.matchAll(/'([^']*)'/g)].map(([, text]) => text ?? '').slice(1);
  const parts = literals.filter(
    (text) => !/^(prefix|suffix|stage|darkroom-|dr-|-|default)$/.test(text) && text !== '',
  );
  const kind = type.split('/').at(-1) ?? '';
  return parts.length === 0 ? kind : `${kind} \`${parts.join(' ')}\``;
}

const row = (resource: TemplateResource): readonly [string, string, string, string] => {
  const assignment = resource.properties as unknown as Assignment;
  return [
    principalOf(assignment.principalId),
    roleOf(assignment.roleDefinitionId),
    scopeOf(resource),
    assignment.description,
  ];
};

/** Markdown, one row for each right, the same for both regions. */
export function rightsTable(): string {
  const rows = template.resources
    .filter(({ type }) => type === 'Microsoft.Authorization/roleAssignments')
    .map(row)
    .sort((a, b) => a.join().localeCompare(b.join()));
  const lines = [['Identity', 'Role', 'On', 'Why'], ['---', '---', '---', '---'], ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

if (import.meta.main) {
  const file = fileURLToPath(new URL('../../docs/security.md', import.meta.url));
  const text = readFileSync(file, 'utf8');
  const now = text.replace(/\| Identity +\|[\s\S]*?\n\n/, `${rightsTable()}\n\n`);
  if (process.argv.includes('--write')) writeFileSync(file, now);
  else console.log(rightsTable());
}
