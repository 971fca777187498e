import type { AppName } from '../../infra/azure/template/apps.ts';
import type { IdentityName } from '../../infra/azure/template/identities.ts';
import type { PartName } from '../../infra/local/supervisor/parts.ts';
import type { Role } from '../../shared/platform/auth/principal.ts';
import { consumerGroups, retentionHours, type Hub } from '../../shared/stream/hubs.ts';
import type { Container } from '../../shared/platform/blobs/containers.ts';
import type { SchemaName } from '../../shared/database/catalog/index.ts';
import { roleOf } from '../../shared/database/roles.ts';
import type { ServiceName } from '../../shared/platform/services.ts';
import type { At, Kind, Node } from './types.ts';

/** A box; what it is called is its id unless `as` gives another. */
export const box = (
  kind: Kind,
  caption: string,
  name: string,
  at: At,
  lines: readonly string[] = [],
  shows: readonly string[] = [],
  as: string = name,
): Node => ({ id: as, kind, caption, name, lines, at, shows });

export const person = (
  name: string,
  at: At,
  lines: readonly string[] = [],
  roles: readonly Role[] = [],
): Node =>
  box(
    'person',
    roles.length > 0 ? 'PEOPLE, BY APP ROLE' : 'PEOPLE',
    name,
    at,
    lines,
    roles.map((role) => `role:${role}`),
  );

export const service = (name: ServiceName, at: At, lines: readonly string[] = []): Node =>
  box('function', 'FUNCTIONS', name, at, lines, [`service:${name}`]);

export const app = (
  name: AppName,
  services: readonly ServiceName[],
  at: At,
  lines: readonly string[] = [],
  as: string = `${name} app`,
): Node =>
  box(
    'function',
    'FUNCTION APP',
    name,
    at,
    [services.join(', '), ...lines],
    [`app:${name}`, ...services.map((one) => `service:${one}`)],
    as,
  );

/** Retention and consumer group come from the code, so that the drawing cannot say another. */
export const hub = (name: Hub, at: At): Node =>
  box(
    'hub',
    'EVENT HUB',
    name,
    at,
    [`kept ${retentionHours[name]} h`, `group ${consumerGroups[name]}`],
    [`hub:${name}`],
  );

export const container = (name: Container, at: At, lines: readonly string[] = []): Node =>
  box('container', 'BLOB CONTAINER', name, at, lines, [`container:${name}`]);

export const identity = (name: IdentityName, at: At, lines: readonly string[] = []): Node =>
  box('identity', 'MANAGED IDENTITY', name, at, lines, [`identity:${name}`], `identity ${name}`);

export const schema = (name: SchemaName, at: At, lines: readonly string[] = []): Node =>
  box(
    'schema',
    `SCHEMA, FOR ROLE ${roleOf(name).toUpperCase()}`,
    name,
    at,
    lines,
    [`schema:${name}`],
    `schema ${name}`,
  );

export const localPart = (part: PartName, name: string, at: At, lines: readonly string[] = []): Node =>
  box('local', `PART: ${part.toUpperCase()}`, name, at, lines, [`part:${part}`], `part ${part}`);
